# What each task may do. "Execution" is what AWS does to start it: pull its image, read its secrets, write its logs.

locals {
  task_secrets = {
    site            = ["database_password", "contributor_key", "operator_token"]
    training_server = ["database_password"]
    worker          = ["database_password"]
  }
  task_images = {
    site            = ["nginx", "model_server"]
    training_server = ["training_server"]
    worker          = ["training_server"]
  }
  # The migration runs with the worker's roles: it stores the shipped version.
  task_logs = { site = ["site"], training_server = ["training_server"], worker = ["worker", "migrate"] }

  version_files = "${aws_s3_bucket.versions.arn}/versions/*"
  # What a task's own program may do with versions. Nobody may delete one.
  task_actions = {
    site            = ["s3:GetObject"]
    training_server = ["s3:GetObject"]
    worker          = ["s3:GetObject", "s3:PutObject"]
  }
}

data "aws_iam_policy_document" "tasks_assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    # Not on behalf of another account's cluster.
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

data "aws_caller_identity" "here" {}

resource "aws_iam_role" "execution" {
  for_each           = local.task_secrets
  name               = "${var.name}-${each.key}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks_assume.json
}

resource "aws_iam_role" "task" {
  for_each           = local.task_actions
  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.tasks_assume.json
}

data "aws_iam_policy_document" "execution" {
  for_each = local.task_secrets

  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # It has no resource: the token opens what the rest allows.
  }
  statement {
    sid       = "Pull"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [for image in local.task_images[each.key] : aws_ecr_repository.this[image].arn]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in local.task_logs[each.key] : "${aws_cloudwatch_log_group.this[group].arn}:*"]
  }
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [for secret in each.value : aws_secretsmanager_secret.this[secret].arn]
  }
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.task_secrets
  name     = "start"
  role     = aws_iam_role.execution[each.key].id
  policy   = data.aws_iam_policy_document.execution[each.key].json
}

data "aws_iam_policy_document" "task" {
  for_each = local.task_actions

  statement {
    sid       = "Versions"
    actions   = each.value
    resources = [local.version_files]
  }
  # Without it S3 says "forbidden" instead of "there is none".
  statement {
    sid       = "ListVersions"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.versions.arn]
  }
}

resource "aws_iam_role_policy" "task" {
  for_each = local.task_actions
  name     = "versions"
  role     = aws_iam_role.task[each.key].id
  policy   = data.aws_iam_policy_document.task[each.key].json
}
