# What an installation is told. Sizes and counts stand in variables_sizes.tf; examples/*.tfvars set them.

variable "name" {
  description = "The installation's name: begins everything it owns, so that several fit into one account."
  type        = string
  default     = "doodle-loop"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "3 to 20 small letters, digits and dashes; begins with a letter, does not end with a dash."
  }
}

variable "region" {
  description = "Where everything but CloudFront runs."
  type        = string
  default     = "us-east-1"
}

variable "domain_name" {
  description = "The address people open, without https://."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain_name))
    error_message = "A host name in small letters, such as doodle.example.org."
  }
}

variable "zone_id" {
  description = "The Route 53 zone of domain_name: certificates and addresses are made in it. Empty: give the certificates."
  type        = string
  default     = ""
}

variable "certificate_arn" {
  description = "For the load balancer: an ACM certificate of domain_name in `region`. Only without zone_id."
  type        = string
  default     = ""
}

variable "edge_certificate_arn" {
  description = "For CloudFront: an ACM certificate of domain_name in us-east-1. Only without zone_id."
  type        = string
  default     = ""

  validation {
    condition     = var.zone_id != "" || (var.certificate_arn != "" && var.edge_certificate_arn != "")
    error_message = "Give zone_id, or both certificate_arn and edge_certificate_arn."
  }
}

variable "image_tag" {
  description = "The release that new task definitions name. Empty before the first one is pushed: then no task is started."
  type        = string
  default     = ""

  validation {
    condition     = var.image_tag != "latest"
    error_message = "Tags never move here: name a release."
  }
}

variable "label_set" {
  description = "What is drawn and told apart."
  type        = string
  default     = "animals"
}

variable "delta_min_doodles" {
  description = "So many new doodles start a run."
  type        = number
  default     = 200
}

variable "schedule_hours" {
  description = "A run looks at new doodles at least that often; 0: never."
  type        = number
  default     = 0
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget. Each has to confirm once."
  type        = list(string)
}

variable "monthly_budget_usd" {
  description = "At 80 % of it, and when it is foreseen to be passed, alarm_emails are told."
  type        = number
}

variable "github_repository" {
  description = "owner/name whose workflows may release and deploy here; empty: none."
  type        = string
  default     = ""
}

variable "github_oidc_provider_arn" {
  description = "The account's identity provider for GitHub; an account has one at most. Empty: it is made here."
  type        = string
  default     = ""
}

variable "web_acl_arn" {
  description = "A web ACL (WAF, scope CLOUDFRONT) of yours in front of everything; empty: none."
  type        = string
  default     = ""
}

variable "is_protected" {
  description = "Keeps database, load balancer, versions and images from being deleted, and takes a last snapshot. Set to false, apply, then destroy."
  type        = bool
  default     = true
}

variable "secrets_revision" {
  description = "Count up to have all secrets made anew; then roll the services out again."
  type        = number
  default     = 1
}
