# What a person or a workflow needs to go on; no secret is among it.

output "site_url" {
  description = "Where people draw."
  value       = "https://${var.domain_name}"
}

output "edge_host" {
  description = "Where domain_name has to point (CNAME or alias) if no zone_id was given."
  value       = aws_cloudfront_distribution.this.domain_name
}

output "image_urls" {
  description = "Where each image is pushed to."
  value       = local.image_urls
}

output "release_role_arn" {
  description = "The role that pushes images; null without github_repository."
  value       = local.has_github ? aws_iam_role.github["release"].arn : null
}

output "deploy_role_arn" {
  description = "The role that rolls out; null without github_repository."
  value       = local.has_github ? aws_iam_role.github["deploy"].arn : null
}

output "cluster" {
  description = "The ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "services" {
  description = "Services in the order they are rolled out in, each with its task definition's family."
  value = [
    { service = aws_ecs_service.training_server.name, family = aws_ecs_task_definition.training_server.family },
    { service = aws_ecs_service.site.name, family = aws_ecs_task_definition.site.family },
    { service = aws_ecs_service.worker.name, family = aws_ecs_task_definition.worker["worker"].family },
  ]
}

output "migrate" {
  description = "The one-shot that goes before: its family, and the network it is run in."
  value = {
    family = aws_ecs_task_definition.worker["migrate"].family
    logs   = aws_cloudwatch_log_group.this["migrate"].name
    network = {
      awsvpcConfiguration = {
        subnets        = local.task_subnets
        securityGroups = [aws_security_group.this["worker"].id]
        assignPublicIp = var.egress == "public" ? "ENABLED" : "DISABLED"
      }
    }
  }
}

output "secret_names" {
  description = "Where the secrets are; only their names."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.name }
}

output "versions_bucket" {
  description = "The artifact store."
  value       = aws_s3_bucket.versions.bucket
}

output "database" {
  description = "The RDS instance's identifier, for restoring."
  value       = aws_db_instance.this.identifier
}
