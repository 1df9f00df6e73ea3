# The load balancer: TLS, and only for our name. Its only client is CloudFront.

resource "aws_lb" "this" {
  # checkov:skip=CKV_AWS_91:nginx logs every request, with the id that is in the services' lines, too; twice costs twice.
  # checkov:skip=CKV2_AWS_28:A web ACL belongs in front of CloudFront: variable web_acl_arn.
  # checkov:skip=CKV_AWS_150:Variable is_protected; true unless somebody is about to tear everything down.
  name                       = var.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.this["load_balancer"].id]
  subnets                    = [for subnet in aws_subnet.public : subnet.id]
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  # CloudFront has written the client's address last into X-Forwarded-For; without us appending CloudFront's own, the
  # last one is the client's, and nginx needs no list of CloudFront's addresses.
  xff_header_processing_mode = "preserve"
  enable_deletion_protection = var.is_protected
  # A stream says something every 15 s.
  idle_timeout = 60
}

resource "aws_lb_target_group" "site" {
  # checkov:skip=CKV_AWS_378:Between load balancer and task, inside our network, where security groups let only those two talk; TLS ends before.
  name                          = var.name
  vpc_id                        = aws_vpc.this.id
  target_type                   = "ip"
  port                          = 8080
  protocol                      = "HTTP"
  load_balancing_algorithm_type = "least_outstanding_requests"
  # Requests take milliseconds; streams are cut, and pages come back to another task.
  deregistration_delay = 20

  health_check {
    path                = "/readyz"
    interval            = 10
    timeout             = 6
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "tls" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = local.certificate_arn

  # Somebody else's distribution, or whoever came without our name.
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "Not here."
      status_code  = "421"
    }
  }
}

resource "aws_lb_listener_rule" "site" {
  listener_arn = aws_lb_listener.tls.arn
  priority     = 10

  condition {
    host_header { values = [var.domain_name] }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.site.arn
  }
}
