# Three images; a tag never moves.

locals {
  images     = toset(["nginx", "model_server", "training_server"])
  image_urls = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
  # Before the first release there is nothing to start; a task definition has to name something all the same.
  image_tag   = var.image_tag == "" ? "none" : var.image_tag
  is_released = var.image_tag != ""
}

resource "aws_ecr_repository" "this" {
  # checkov:skip=CKV_AWS_136:Encrypted with ECR's own key; images hold no secret, the source is public.
  for_each             = local.images
  name                 = "${var.name}/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = !var.is_protected

  image_scanning_configuration { scan_on_push = true }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = aws_ecr_repository.this
  repository = each.value.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "What a release left without a tag"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Enough releases to roll back to"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 60 }
        action       = { type = "expire" }
      },
    ]
  })
}
