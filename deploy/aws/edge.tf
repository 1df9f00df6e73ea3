# CloudFront: versions from the bucket, everything else from the load balancer.

locals {
  # AWS' managed policies; their ids are the same in every account (CloudFront's developer guide, "Use managed policies").
  caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  all_viewer        = "216adef6-5c7f-47e4-b989-5492eafa07d3"
}

resource "aws_cloudfront_origin_access_control" "versions" {
  name                              = "${var.name}-versions"
  description                       = "Only this distribution reads the bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "version_path" {
  name    = "${var.name}-version-path"
  runtime = "cloudfront-js-2.0"
  comment = "/models/ is versions/ in the bucket"
  code    = file("${path.module}/version_path.js")
  publish = true
}

resource "aws_cloudfront_response_headers_policy" "versions" {
  # checkov:skip=CKV_AWS_259:It is enforced for a year, as by nginx; subdomains of this name are not ours to speak for.
  name = "${var.name}-versions"

  security_headers_config {
    content_type_options { override = true }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }
  }
  custom_headers_config {
    items {
      header   = "Cache-Control"
      value    = "public, max-age=31536000, immutable"
      override = true
    }
    items {
      header   = "Cross-Origin-Resource-Policy"
      value    = "same-origin"
      override = true
    }
  }
}

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_86:nginx logs every request but those for versions, which hold nobody's data.
  # checkov:skip=CKV_AWS_68:A web ACL is a variable (web_acl_arn): it costs, and nginx limits writes.
  # checkov:skip=CKV2_AWS_47:The same: a rule against one library's fault, which is not among ours.
  # checkov:skip=CKV_AWS_305:The root is nginx's to answer, as everywhere.
  # checkov:skip=CKV_AWS_310:There is one load balancer, over all zones; a second origin would be a second installation.
  # checkov:skip=CKV_AWS_374:Anybody anywhere may draw.
  # checkov:skip=CKV2_AWS_32:nginx sends all security headers, as everywhere; for versions a policy does.
  # checkov:skip=CKV2_AWS_42:It has a certificate of its own; the linter does not see through the local.
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  comment         = var.name
  aliases         = [var.domain_name]
  price_class     = "PriceClass_100"
  web_acl_id      = var.web_acl_arn

  origin {
    origin_id   = "site"
    domain_name = aws_lb.this.dns_name

    custom_origin_config {
      http_port                = 80
      https_port               = 443
      origin_protocol_policy   = "https-only"
      origin_ssl_protocols     = ["TLSv1.2"]
      origin_keepalive_timeout = 60
      # A stream's comment comes every 15 s, an answer within 30.
      origin_read_timeout = 60
    }
  }

  origin {
    origin_id                = "versions"
    domain_name              = aws_s3_bucket.versions.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.versions.id
  }

  # Host goes through: the certificate, the load balancer's rule and the check of a request's origin all go by it.
  # Not compressed here: nginx does that, and a stream of events must not wait for a full buffer.
  default_cache_behavior {
    target_origin_id         = "site"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods           = ["GET", "HEAD"]
    cache_policy_id          = local.caching_disabled
    origin_request_policy_id = local.all_viewer
  }

  # Names with a hash in them, as nginx says in Cache-Control.
  ordered_cache_behavior {
    path_pattern             = "/assets/*"
    target_origin_id         = "site"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["GET", "HEAD"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = true
    cache_policy_id          = local.caching_optimized
    origin_request_policy_id = local.all_viewer
  }

  ordered_cache_behavior {
    path_pattern               = "/models/*"
    target_origin_id           = "versions"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = local.caching_optimized
    response_headers_policy_id = aws_cloudfront_response_headers_policy.versions.id

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.version_path.arn
    }
  }

  # A file that is not there is not looked for again for a few seconds; a version is announced after it is there.
  custom_error_response {
    error_code            = 403
    response_code         = 0
    error_caching_min_ttl = 0
  }

  viewer_certificate {
    acm_certificate_arn      = local.edge_certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction { restriction_type = "none" }
  }
}
