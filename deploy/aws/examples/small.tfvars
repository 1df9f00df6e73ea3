# A site for a class or a club: up to about 10 drawings a minute, a few hundred open pages. No standby.
site            = { cpu = 512, memory = 1024, min_count = 1, max_count = 2, processes = 2 }
training_server = { cpu = 256, memory = 1024, count = 1 }
worker          = { cpu = 2048, memory = 4096, max_count = 1 }
database = {
  instance_class = "db.t4g.micro"
  storage_gb     = 20
  max_storage_gb = 100
  is_multi_zone  = false
  backup_days    = 7
}
egress             = "public"
log_days           = 14
monthly_budget_usd = 120
