# PostgreSQL, managed: backups, restore to any second, minor upgrades by itself.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  # What takes a second is worth a line in the log; statements' parameters, drawings among them, stay out of it.
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }
  parameter {
    name  = "log_parameter_max_length_on_error"
    value = "0"
  }
  # A transaction that was left open keeps every watermark behind it.
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "300000"
  }

  lifecycle { create_before_destroy = true }
}

resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_157:Variable database.is_multi_zone; the small setup does without a standby, and says so.
  # checkov:skip=CKV_AWS_161:A password from Secrets Manager, of 256 bits; tokens end after 15 minutes and would need AWS' code in every process.
  # checkov:skip=CKV_AWS_118:Performance Insights shows what a statement costs; the host's processes are AWS' affair.
  # checkov:skip=CKV_AWS_293:Variable is_protected; true unless somebody is about to tear everything down.
  # checkov:skip=CKV_AWS_354:Encrypted with RDS' own key, as the storage.
  # checkov:skip=CKV2_AWS_30:Every statement in a log would be every drawing; statements of over a second are logged.
  identifier                   = var.name
  engine                       = "postgres"
  engine_version               = "17"
  instance_class               = var.database.instance_class
  storage_type                 = "gp3"
  allocated_storage            = var.database.storage_gb
  max_allocated_storage        = var.database.max_storage_gb
  storage_encrypted            = true
  multi_az                     = var.database.is_multi_zone
  db_name                      = local.database_name
  username                     = local.database_user
  password_wo                  = ephemeral.aws_secretsmanager_secret_version.database_password.secret_string
  password_wo_version          = var.secrets_revision
  db_subnet_group_name         = aws_db_subnet_group.this.name
  parameter_group_name         = aws_db_parameter_group.this.name
  vpc_security_group_ids       = [aws_security_group.this["database"].id]
  publicly_accessible          = false
  backup_retention_period      = var.database.backup_days
  backup_window                = "03:00-04:00"
  maintenance_window           = "sun:04:30-sun:05:30"
  copy_tags_to_snapshot        = true
  auto_minor_version_upgrade   = true
  performance_insights_enabled = true
  # Free of charge for a week.
  performance_insights_retention_period = 7
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]
  deletion_protection                   = var.is_protected
  skip_final_snapshot                   = !var.is_protected
  final_snapshot_identifier             = "${var.name}-last"
  # In the maintenance window, unless somebody says now.
  apply_immediately = false
}

locals {
  database_name = "doodle"
  database_user = "doodle"
  # Without its password: libpq, which both our drivers are built on, takes that from PGPASSWORD.
  database_url = "postgresql://${local.database_user}@${aws_db_instance.this.endpoint}/${local.database_name}?sslmode=require"
}
