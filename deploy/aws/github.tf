# What the project's workflows may do here, without a stored key: one role pushes images, another rolls them out.

locals {
  has_github = var.github_repository != ""
  github     = "token.actions.githubusercontent.com"
  oidc_arn = !local.has_github ? "" : (
    var.github_oidc_provider_arn != "" ? var.github_oidc_provider_arn : aws_iam_openid_connect_provider.github[0].arn
  )
  # Which runs may take which role: GitHub writes it into its token as "sub".
  github_subjects = !local.has_github ? {} : {
    release = "repo:${var.github_repository}:ref:refs/tags/v*"
    deploy  = "repo:${var.github_repository}:environment:production"
  }
  github_policies = {
    release = data.aws_iam_policy_document.release.json
    deploy  = data.aws_iam_policy_document.deploy.json
  }
  task_families = [for each in [
    aws_ecs_task_definition.site.family, aws_ecs_task_definition.training_server.family,
    aws_ecs_task_definition.worker["worker"].family, aws_ecs_task_definition.worker["migrate"].family,
  ] : "arn:${local.partition}:ecs:${var.region}:${local.account}:task-definition/${each}:*"]
  account   = data.aws_caller_identity.here.account_id
  partition = data.aws_partition.here.partition
}

data "aws_partition" "here" {}

resource "aws_iam_openid_connect_provider" "github" {
  count          = local.has_github && var.github_oidc_provider_arn == "" ? 1 : 0
  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "github_assume" {
  for_each = local.github_subjects

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [local.oidc_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.github}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "${local.github}:sub"
      values   = [each.value]
    }
  }
}

resource "aws_iam_role" "github" {
  for_each             = local.github_subjects
  name                 = "${var.name}-github-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.github_assume[each.key].json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "github" {
  for_each = local.github_subjects
  name     = each.key
  role     = aws_iam_role.github[each.key].id
  policy   = local.github_policies[each.key]
}

data "aws_iam_policy_document" "release" {
  statement {
    sid       = "SignIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # It has no resource: the token opens what the rest allows.
  }
  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = [for repository in aws_ecr_repository.this : repository.arn]
  }
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "Images"
    actions   = ["ecr:DescribeImages"]
    resources = [for repository in aws_ecr_repository.this : repository.arn]
  }
  statement {
    sid       = "LookAtTaskDefinitions"
    actions   = ["ecs:DescribeTaskDefinition"]
    resources = ["*"] # ECS knows no resource for it.
  }
  statement {
    sid       = "NewTaskDefinitions"
    actions   = ["ecs:RegisterTaskDefinition"]
    resources = local.task_families
  }
  statement {
    sid       = "RollOut"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = [aws_ecs_service.site.id, aws_ecs_service.training_server.id, aws_ecs_service.worker.id]
  }
  statement {
    sid       = "Migrate"
    actions   = ["ecs:RunTask"]
    resources = [local.task_families[3]]
    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [aws_ecs_cluster.this.arn]
    }
  }
  statement {
    sid       = "WaitForIt"
    actions   = ["ecs:DescribeTasks"]
    resources = ["arn:${local.partition}:ecs:${var.region}:${local.account}:task/${aws_ecs_cluster.this.name}/*"]
  }
  statement {
    sid       = "ReadWhatItSaid"
    actions   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this["migrate"].arn}:*"]
  }
  statement {
    sid       = "WithTheRolesTasksHave"
    actions   = ["iam:PassRole"]
    resources = concat([for role in aws_iam_role.execution : role.arn], [for role in aws_iam_role.task : role.arn])
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}
