# Where tasks run, how they find each other, and what all of them have in common.

resource "aws_ecs_cluster" "this" {
  # checkov:skip=CKV_AWS_65:CPU and memory of each service come without it, and our services' own metrics say more; it is paid by metric.
  name = var.name

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "training_server's addresses"
  vpc         = aws_vpc.this.id
}

locals {
  # As in docker-compose.yml: nobody is root, nothing is written but below /tmp, no capability, an init.
  hardened = {
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = 30
    linuxParameters        = { initProcessEnabled = true, capabilities = { add = [], drop = ["ALL"] } }
  }

  # A new volume is root's, and none of our users is root: something has to open it first. It runs for a moment, without
  # a capability.
  prepare = {
    name                   = "prepare"
    essential              = false
    readonlyRootFilesystem = true
    user                   = "0"
    entryPoint             = ["chmod", "1777"]
    linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
  }

  learning = {
    DATABASE_URL      = local.database_url
    ARTIFACT_URL      = "s3://${aws_s3_bucket.versions.bucket}"
    AWS_REGION        = var.region
    LABEL_SET         = var.label_set
    DELTA_MIN_DOODLES = tostring(var.delta_min_doodles)
  }
  training = merge(local.learning, { SCHEDULE_HOURS = tostring(var.schedule_hours) })

  # As a list in a fixed order: the order a map is shown in would be a change at every apply.
  database_password = [{ name = "PGPASSWORD", valueFrom = aws_secretsmanager_secret.this["database_password"].arn }]
}

# One group each: their retention is the same, who may read which need not be.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:Encrypted with CloudWatch's own key; there is no secret and no client's address in our logs.
  # checkov:skip=CKV_AWS_338:Variable log_days: drawings are in the database, logs are for those on call.
  for_each          = toset(["site", "training_server", "worker", "migrate"])
  name              = "/${var.name}/${each.key}"
  retention_in_days = var.log_days
}

locals {
  logs = { for name, group in aws_cloudwatch_log_group.this : name => {
    logDriver = "awslogs"
    options = {
      "awslogs-group"         = group.name
      "awslogs-region"        = var.region
      "awslogs-stream-prefix" = "task"
      # A task whose logs do not get through goes on; the oldest lines are dropped.
      "mode"            = "non-blocking"
      "max-buffer-size" = "4m"
    }
  } }
}
