terraform {
  # Write-only arguments (nothing secret in the state) came with 1.11.
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # The state: see README.md. A bucket is named at `terraform init -backend-config=…`, a folder is used without.
}

provider "aws" {
  region = var.region
  default_tags { tags = local.tags }
}

# CloudFront takes certificates from this region only, and reports its prices and metrics there.
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
  default_tags { tags = local.tags }
}

locals {
  tags = { Application = "doodle-loop", Installation = var.name }
}
