# What somebody is woken for. What each means and what to do stands in docs/cloud.md.

resource "aws_sns_topic" "alarms" {
  # checkov:skip=CKV_AWS_26:Alarms' texts hold nothing but names and numbers, and go out by mail in the end.
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each  = toset(var.alarm_emails)
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}

locals {
  load_balancer = { LoadBalancer = aws_lb.this.arn_suffix }
  target_group  = merge(local.load_balancer, { TargetGroup = aws_lb_target_group.site.arn_suffix })
  instance      = { DBInstanceIdentifier = aws_db_instance.this.identifier }
  # Each process of model_server keeps 10 connections and one that listens; the others a dozen each.
  most_connections = (var.site.max_count * 2 * var.site.processes * 11) + (var.training_server.count + var.worker.max_count) * 12

  alarms = {
    errors = {
      metric = "AWS/ApplicationELB HTTPCode_Target_5XX_Count", dimensions = local.target_group, statistic = "Sum"
      above  = 20, minutes = 5, missing = "notBreaching"
      says   = "More than 20 answers in 5 minutes were errors of ours."
    }
    unreachable = {
      metric = "AWS/ApplicationELB HTTPCode_ELB_5XX_Count", dimensions = local.load_balancer, statistic = "Sum"
      above  = 20, minutes = 5, missing = "notBreaching"
      says   = "The load balancer could not pass on more than 20 requests in 5 minutes."
    }
    slow = {
      metric = "AWS/ApplicationELB TargetResponseTime", dimensions = local.target_group, statistic = "p99"
      above  = 0.5, minutes = 15, missing = "notBreaching"
      says   = "One answer in a hundred takes more than half a second, for 15 minutes."
    }
    nobody_healthy = {
      metric = "AWS/ApplicationELB HealthyHostCount", dimensions = local.target_group, statistic = "Minimum"
      below  = 1, minutes = 2, missing = "breaching"
      says   = "No task of the site is healthy."
    }
    database_full = {
      metric = "AWS/RDS FreeStorageSpace", dimensions = local.instance, statistic = "Minimum"
      below  = 0.05 * var.database.storage_gb * 1024 * 1024 * 1024, minutes = 15, missing = "missing"
      says   = "Less than a twentieth of the database's first storage is free: it does not grow any more."
    }
    database_busy = {
      metric = "AWS/RDS CPUUtilization", dimensions = local.instance, statistic = "Average"
      above  = 80, minutes = 15, missing = "missing"
      says   = "The database's CPU is over 80 % busy for 15 minutes."
    }
    database_connections = {
      metric = "AWS/RDS DatabaseConnections", dimensions = local.instance, statistic = "Maximum"
      above  = local.most_connections, minutes = 5, missing = "missing"
      says   = "More connections than all tasks together may hold: somebody else is there."
    }
    run_waits_long = {
      metric = "${var.name} OldestWaitingSeconds", dimensions = {}, statistic = "Maximum"
      above  = 1800, minutes = 5, missing = "notBreaching"
      says   = "A run has waited for half an hour: no worker takes it."
    }
    runs_not_counted = {
      metric = "${var.name} RunsOpen", dimensions = {}, statistic = "SampleCount"
      below  = 1, minutes = 10, missing = "breaching"
      says   = "training_server has not counted runs for 10 minutes: no worker would be woken or stopped."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  # Before the first release nothing runs, and all of them would be right.
  for_each            = { for name, alarm in local.alarms : name => alarm if local.is_released }
  alarm_name          = "${var.name}-${replace(each.key, "_", "-")}"
  alarm_description   = each.value.says
  namespace           = split(" ", each.value.metric)[0]
  metric_name         = split(" ", each.value.metric)[1]
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = try(each.value.above, each.value.below)
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
