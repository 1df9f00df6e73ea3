# The site: nginx and model_server side by side in each task. They talk over the task's own loopback, so nginx needs no
# list of model_servers, and a task is what the load balancer counts requests of.

resource "aws_ecs_task_definition" "site" {
  # checkov:skip=CKV_AWS_336:Every container's is read-only; the linter does not see through merge().
  family                   = "${var.name}-site"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.site.cpu
  memory                   = var.site.memory
  execution_role_arn       = aws_iam_role.execution["site"].arn
  task_role_arn            = aws_iam_role.task["site"].arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  volume { name = "nginx" }
  volume { name = "model_server" }

  container_definitions = jsonencode([
    merge(local.prepare, {
      image            = "${local.image_urls["model_server"]}:${local.image_tag}"
      command          = ["/volumes/nginx", "/volumes/model_server"]
      logConfiguration = local.logs["site"]
      mountPoints = [
        { sourceVolume = "nginx", containerPath = "/volumes/nginx", readOnly = false },
        { sourceVolume = "model_server", containerPath = "/volumes/model_server", readOnly = false },
      ]
    }),
    merge(local.hardened, {
      name             = "model_server"
      image            = "${local.image_urls["model_server"]}:${local.image_tag}"
      dependsOn        = [{ containerName = "prepare", condition = "SUCCESS" }]
      logConfiguration = local.logs["site"]
      mountPoints      = [{ sourceVolume = "model_server", containerPath = "/tmp", readOnly = false }]
      environment      = [for name, value in local.model_server : { name = name, value = value }]
      secrets = concat(local.database_password, [
        { name = "CONTRIBUTOR_KEY", valueFrom = aws_secretsmanager_secret.this["contributor_key"].arn },
        { name = "OPERATOR_TOKEN", valueFrom = aws_secretsmanager_secret.this["operator_token"].arn },
      ])
      healthCheck = {
        command     = ["CMD", "is_ready", "8001"]
        interval    = 10
        timeout     = 6
        retries     = 6
        startPeriod = 30
      }
    }),
    merge(local.hardened, {
      name             = "nginx"
      image            = "${local.image_urls["nginx"]}:${local.image_tag}"
      dependsOn        = [{ containerName = "prepare", condition = "SUCCESS" }, { containerName = "model_server", condition = "HEALTHY" }]
      logConfiguration = local.logs["site"]
      mountPoints      = [{ sourceVolume = "nginx", containerPath = "/tmp", readOnly = false }]
      environment      = [for name, value in local.nginx : { name = name, value = value }]
      portMappings     = [{ containerPort = 8080, protocol = "tcp" }]
    }),
  ])
}

locals {
  model_server = merge(local.learning, {
    TRAINING_SERVER_URL    = "http://${local.training_server_host}:8002"
    BIND                   = "127.0.0.1:8001"
    TRUSTED_PROXY_HOPS     = "1"
    MODEL_SERVER_PROCESSES = tostring(var.site.processes)
    MAX_STREAMS            = tostring(var.site.max_streams)
    DOODLE_PUBLIC_URL      = "https://${var.domain_name}"
  })
  nginx = {
    DOODLE_MODEL_SERVER    = "127.0.0.1:8001"
    DOODLE_TRAINING_SERVER = "${local.training_server_host}:8002"
    # The load balancer: what it says of the client's address and scheme is believed.
    TRUSTED_PROXIES          = var.network_cidr
    DOODLE_WRITES_PER_SECOND = tostring(var.site.writes_per_second)
    DOODLE_WRITES_BURST      = tostring(var.site.writes_burst)
  }
}

resource "aws_ecs_service" "site" {
  # checkov:skip=CKV_AWS_333:Only where variable egress is `public`; no security group lets anything in but the load balancer.
  name                               = "site"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.site.arn
  launch_type                        = "FARGATE"
  desired_count                      = local.is_released ? var.site.min_count : 0
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 90
  availability_zone_rebalancing      = "ENABLED"

  network_configuration {
    subnets          = local.task_subnets
    security_groups  = [aws_security_group.this["site"].id]
    assign_public_ip = var.egress == "public"
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.site.arn
    container_name   = "nginx"
    container_port   = 8080
  }

  # A rollout whose tasks do not become healthy is taken back.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # How many there are is autoscaling's affair, which release they run is the deployment's.
  lifecycle { ignore_changes = [desired_count, task_definition] }

  depends_on = [aws_lb_listener_rule.site]
}

resource "aws_appautoscaling_target" "site" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.site.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = local.is_released ? var.site.min_count : 0
  max_capacity       = local.is_released ? var.site.max_count : 0
}

resource "aws_appautoscaling_policy" "site_requests" {
  name               = "${var.name}-site-requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.site.service_namespace
  resource_id        = aws_appautoscaling_target.site.resource_id
  scalable_dimension = aws_appautoscaling_target.site.scalable_dimension

  target_tracking_scaling_policy_configuration {
    # Requests a minute and task.
    target_value       = floor(var.requests_per_vcpu_second * var.site.cpu / 1024 * var.target_load * 60)
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${aws_lb.this.arn_suffix}/${aws_lb_target_group.site.arn_suffix}"
    }
  }
}

# Batches of a hundred doodles are one request each: then the CPU is what tells.
resource "aws_appautoscaling_policy" "site_cpu" {
  name               = "${var.name}-site-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.site.service_namespace
  resource_id        = aws_appautoscaling_target.site.resource_id
  scalable_dimension = aws_appautoscaling_target.site.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = var.target_load * 100
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    predefined_metric_specification { predefined_metric_type = "ECSServiceAverageCPUUtilization" }
  }
}
