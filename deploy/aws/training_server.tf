# Runs and workers over HTTP. It also counts runs: that is what wakes a worker, see worker.tf.

locals {
  training_server_host = "training-server.${aws_service_discovery_private_dns_namespace.this.name}"
}

resource "aws_ecs_task_definition" "training_server" {
  # checkov:skip=CKV_AWS_336:Every container's is read-only; the linter does not see through merge().
  family                   = "${var.name}-training-server"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.training_server.cpu
  memory                   = var.training_server.memory
  execution_role_arn       = aws_iam_role.execution["training_server"].arn
  task_role_arn            = aws_iam_role.task["training_server"].arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  volume { name = "tmp" }

  container_definitions = jsonencode([
    merge(local.prepare, {
      image            = "${local.image_urls["training_server"]}:${local.image_tag}"
      command          = ["/volumes/tmp"]
      logConfiguration = local.logs["training_server"]
      mountPoints      = [{ sourceVolume = "tmp", containerPath = "/volumes/tmp", readOnly = false }]
    }),
    merge(local.hardened, {
      name             = "training_server"
      image            = "${local.image_urls["training_server"]}:${local.image_tag}"
      dependsOn        = [{ containerName = "prepare", condition = "SUCCESS" }]
      logConfiguration = local.logs["training_server"]
      mountPoints      = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
      portMappings     = [{ containerPort = 8002, protocol = "tcp" }]
      secrets          = local.database_password
      environment = [for name, value in merge(local.training, { COUNT_RUNS_SECONDS = "20" }) :
      { name = name, value = value }]
      healthCheck = {
        command     = ["CMD", "is_ready", "8002"]
        interval    = 10
        timeout     = 6
        retries     = 6
        startPeriod = 30
      }
    }),
  ])
}

resource "aws_service_discovery_service" "training_server" {
  name = "training-server"

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_ecs_service" "training_server" {
  # checkov:skip=CKV_AWS_333:Only where variable egress is `public`; no security group lets anything in but the site.
  name                               = "training_server"
  cluster                            = aws_ecs_cluster.this.id
  task_definition                    = aws_ecs_task_definition.training_server.arn
  launch_type                        = "FARGATE"
  desired_count                      = local.is_released ? var.training_server.count : 0
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  network_configuration {
    subnets          = local.task_subnets
    security_groups  = [aws_security_group.this["training_server"].id]
    assign_public_ip = var.egress == "public"
  }

  service_registries { registry_arn = aws_service_discovery_service.training_server.arn }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle { ignore_changes = [task_definition] }
}
