# One certificate for the load balancer, one for CloudFront, which takes its own only from us-east-1.

locals {
  has_zone             = var.zone_id != ""
  certificate_arn      = local.has_zone ? aws_acm_certificate_validation.here[0].certificate_arn : var.certificate_arn
  edge_certificate_arn = local.has_zone ? aws_acm_certificate_validation.edge[0].certificate_arn : var.edge_certificate_arn
  # Both certificates are proved by the same record: it depends on the account and the name only.
  proofs = local.has_zone ? { for each in aws_acm_certificate.here[0].domain_validation_options : each.domain_name => each } : {}
}

resource "aws_acm_certificate" "here" {
  count             = local.has_zone ? 1 : 0
  domain_name       = var.domain_name
  validation_method = "DNS"

  lifecycle { create_before_destroy = true }
}

resource "aws_acm_certificate" "edge" {
  count             = local.has_zone ? 1 : 0
  provider          = aws.edge
  domain_name       = var.domain_name
  validation_method = "DNS"

  lifecycle { create_before_destroy = true }
}

resource "aws_route53_record" "proof" {
  for_each        = local.has_zone ? toset([var.domain_name]) : toset([])
  zone_id         = var.zone_id
  name            = local.proofs[each.key].resource_record_name
  type            = local.proofs[each.key].resource_record_type
  records         = [local.proofs[each.key].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "here" {
  count                   = local.has_zone ? 1 : 0
  certificate_arn         = aws_acm_certificate.here[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_acm_certificate_validation" "edge" {
  count                   = local.has_zone ? 1 : 0
  provider                = aws.edge
  certificate_arn         = aws_acm_certificate.edge[0].arn
  validation_record_fqdns = [for record in aws_route53_record.proof : record.fqdn]
}

resource "aws_route53_record" "site" {
  for_each = local.has_zone ? toset(["A", "AAAA"]) : toset([])
  zone_id  = var.zone_id
  name     = var.domain_name
  type     = each.key

  alias {
    name                   = aws_cloudfront_distribution.this.domain_name
    zone_id                = aws_cloudfront_distribution.this.hosted_zone_id
    evaluate_target_health = false
  }
}
