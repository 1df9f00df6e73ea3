# Training machines: none, until a run waits. training_server counts runs every 20 s and logs the numbers; a metric is
# made of them, an alarm of the metric, and the alarm starts a worker. See docs/decisions/0021-cloud.md.

resource "aws_ecs_task_definition" "worker" {
  # checkov:skip=CKV_AWS_336:Every container's is read-only; the linter does not see through merge().
  for_each = {
    worker  = ["python", "-m", "training_server.worker"]
    migrate = ["python", "-m", "training_server.migrate"]
  }
  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.key == "worker" ? var.worker.cpu : 512
  memory                   = each.key == "worker" ? var.worker.memory : 1024
  execution_role_arn       = aws_iam_role.execution["worker"].arn
  task_role_arn            = aws_iam_role.task["worker"].arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  volume { name = "tmp" }

  container_definitions = jsonencode([
    merge(local.prepare, {
      image            = "${local.image_urls["training_server"]}:${local.image_tag}"
      command          = ["/volumes/tmp"]
      logConfiguration = local.logs[each.key]
      mountPoints      = [{ sourceVolume = "tmp", containerPath = "/volumes/tmp", readOnly = false }]
    }),
    merge(local.hardened, {
      name             = each.key
      image            = "${local.image_urls["training_server"]}:${local.image_tag}"
      command          = each.value
      dependsOn        = [{ containerName = "prepare", condition = "SUCCESS" }]
      logConfiguration = local.logs[each.key]
      mountPoints      = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
      environment      = [for name, value in local.training : { name = name, value = value }]
      secrets          = local.database_password
      # A worker that has lost the database for good is replaced; the migration ends by itself. Its start takes a while:
      # TensorFlow, and a schema that may still be on its way.
      healthCheck = each.key == "worker" ? {
        command     = ["CMD", "is_beating"]
        interval    = 30
        timeout     = 6
        retries     = 10
        startPeriod = 300
      } : null
    }),
  ])
}

resource "aws_ecs_service" "worker" {
  # checkov:skip=CKV_AWS_333:Only where variable egress is `public`; no security group lets anything in.
  name            = "worker"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.worker["worker"].arn
  launch_type     = "FARGATE"
  desired_count   = 0
  # The old one gives its run back before the new one takes it: two at once gain nothing.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets          = local.task_subnets
    security_groups  = [aws_security_group.this["worker"].id]
    assign_public_ip = var.egress == "public"
  }

  lifecycle { ignore_changes = [desired_count, task_definition] }
}

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.worker.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 0
  max_capacity       = local.is_released ? var.worker.max_count : 0
}

locals {
  run_metrics = {
    RunsWaiting          = "num_waiting"
    RunsOpen             = "num_open"
    OldestWaitingSeconds = "oldest_waiting_seconds"
  }
}

resource "aws_cloudwatch_log_metric_filter" "runs" {
  for_each       = local.run_metrics
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.this["training_server"].name
  pattern        = "{ $.event = \"runs_counted\" }"

  metric_transformation {
    namespace = var.name
    name      = each.key
    value     = "$.${each.value}"
  }
}

# One more while a run waits that nobody has taken; a new one has two cooldowns' time to start and take it.
resource "aws_appautoscaling_policy" "wake" {
  name               = "${var.name}-worker-wake"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  resource_id        = aws_appautoscaling_target.worker.resource_id
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 300
    metric_aggregation_type = "Maximum"
    step_adjustment {
      metric_interval_lower_bound = 0
      scaling_adjustment          = 1
    }
  }
}

# All of them at once, and only when no run is open: no worker is ever stopped in the middle of a run by this. Should a
# run be queued in that very minute, its worker gives it back, and another is woken.
resource "aws_appautoscaling_policy" "rest" {
  name               = "${var.name}-worker-rest"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  resource_id        = aws_appautoscaling_target.worker.resource_id
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension

  step_scaling_policy_configuration {
    adjustment_type         = "ExactCapacity"
    cooldown                = 60
    metric_aggregation_type = "Maximum"
    step_adjustment {
      metric_interval_upper_bound = 0
      scaling_adjustment          = 0
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "wake" {
  alarm_name          = "${var.name}-run-waits"
  alarm_description   = "Starts a worker. Not a fault."
  namespace           = var.name
  metric_name         = "RunsWaiting"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.wake.arn]
}

resource "aws_cloudwatch_metric_alarm" "rest" {
  alarm_name          = "${var.name}-no-run-open"
  alarm_description   = "Stops the workers. Not a fault."
  namespace           = var.name
  metric_name         = "RunsOpen"
  statistic           = "Maximum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = var.worker_idle_minutes
  # Nobody counts: nobody knows that none is running.
  treat_missing_data = "notBreaching"
  alarm_actions      = [aws_appautoscaling_policy.rest.arn]
}
