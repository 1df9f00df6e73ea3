# Who may talk to whom, and nobody else: CloudFront -> load balancer -> site -> training_server; all of ours -> database.

data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5:All are attached, by their key; the linter follows only resources.
  for_each = {
    load_balancer   = "From CloudFront to the site"
    site            = "nginx and model_server"
    training_server = "Runs and workers over HTTP"
    worker          = "Trains, migrates"
    database        = "PostgreSQL"
  }
  name        = "${var.name}-${replace(each.key, "_", "-")}"
  description = each.value
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name} ${each.key}" }
}

# TLS for the site, and the port that only redirects.
resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  # checkov:skip=CKV_AWS_260:Only from CloudFront's addresses, and port 80 answers with a redirect.
  for_each          = toset(["80", "443"])
  security_group_id = aws_security_group.this["load_balancer"].id
  description       = "CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront.id
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

locals {
  # from -> to: port
  ways = {
    "load_balancer site"       = 8080
    "site training_server"     = 8002
    "site database"            = 5432
    "training_server database" = 5432
    "worker database"          = 5432
  }
  tasks = toset(["site", "training_server", "worker"])
}

resource "aws_vpc_security_group_ingress_rule" "way" {
  for_each                     = local.ways
  security_group_id            = aws_security_group.this[split(" ", each.key)[1]].id
  description                  = "from ${split(" ", each.key)[0]}"
  referenced_security_group_id = aws_security_group.this[split(" ", each.key)[0]].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "way" {
  for_each                     = local.ways
  security_group_id            = aws_security_group.this[split(" ", each.key)[0]].id
  description                  = "to ${split(" ", each.key)[1]}"
  referenced_security_group_id = aws_security_group.this[split(" ", each.key)[1]].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

# Images, secrets, logs, versions: AWS' addresses change, so the port is all that can be said without endpoints.
resource "aws_vpc_security_group_egress_rule" "aws" {
  for_each          = local.tasks
  security_group_id = aws_security_group.this[each.key].id
  description       = "AWS over TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "endpoints" {
  # checkov:skip=CKV2_AWS_5:The endpoints in egress.tf have it.
  count       = var.egress == "endpoints" ? 1 : 0
  name        = "${var.name}-endpoints"
  description = "AWS services inside the network"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each                     = var.egress == "endpoints" ? local.tasks : toset([])
  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "from ${each.key}"
  referenced_security_group_id = aws_security_group.this[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
