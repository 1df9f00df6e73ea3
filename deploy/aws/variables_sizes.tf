# Sizes and counts; docs/cloud.md says what each costs and carries.

variable "network_cidr" {
  description = "The VPC's addresses: a /16."
  type        = string
  default     = "10.30.0.0/16"

  validation {
    condition     = can(cidrhost(var.network_cidr, 0)) && endswith(var.network_cidr, "/16")
    error_message = "An IPv4 network of 16 bits, such as 10.30.0.0/16."
  }
}

variable "num_zones" {
  description = "Availability zones: a load balancer needs 2."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.num_zones)
    error_message = "2 or 3."
  }
}

variable "egress" {
  description = "How tasks reach AWS: `public` (own addresses, nothing may come in; cheapest), `nat` (a NAT gateway in each zone), `endpoints` (AWS only, no way to the internet)."
  type        = string
  default     = "public"

  validation {
    condition     = contains(["public", "nat", "endpoints"], var.egress)
    error_message = "public, nat or endpoints."
  }
}

variable "architecture" {
  description = "X86_64 or ARM64 (a fifth cheaper); the images must have been built for it."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "X86_64 or ARM64."
  }
}

variable "site" {
  description = "Tasks of nginx and model_server: units of CPU (1024 = one vCPU), MiB, how many, processes of model_server in each, writes a second from one address."
  type = object({
    cpu               = number
    memory            = number
    min_count         = number
    max_count         = number
    processes         = number
    max_streams       = optional(number, 1000)
    writes_per_second = optional(number, 50)
    writes_burst      = optional(number, 100)
  })

  validation {
    condition     = var.site.min_count >= 1 && var.site.max_count >= var.site.min_count
    error_message = "At least one, and max_count not below min_count."
  }
}

variable "requests_per_vcpu_second" {
  description = "What a vCPU of a site's task answers, measured: see docs/cloud.md, \"Where the numbers come from\"."
  type        = number
  default     = 1150
}

variable "target_load" {
  description = "Share of that, and of the CPU, at which one more task is started."
  type        = number
  default     = 0.6
}

variable "training_server" {
  description = "Tasks of training_server: units of CPU, MiB, how many."
  type        = object({ cpu = number, memory = number, count = number })
}

variable "worker" {
  description = "A training machine: units of CPU, MiB, how many at most. There is none while no run waits."
  type        = object({ cpu = number, memory = number, max_count = number })
}

variable "worker_idle_minutes" {
  description = "A worker is stopped after no run has waited or been running for so long."
  type        = number
  default     = 10

  validation {
    condition     = var.worker_idle_minutes >= 2 && var.worker_idle_minutes <= 60
    error_message = "From 2 to 60."
  }
}

variable "database" {
  description = "The RDS instance. storage_gb grows by itself up to max_storage_gb; backups allow any second of backup_days."
  type = object({
    instance_class = string
    storage_gb     = number
    max_storage_gb = number
    is_multi_zone  = bool
    backup_days    = number
  })

  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "Backups are kept for 1 to 35 days; without them nothing could be restored."
  }
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "version_days" {
  description = "How long a version's file that was deleted or overwritten in the bucket can be brought back."
  type        = number
  default     = 90
}
