# Up to about 100,000 drawings a minute and tens of thousands of open pages, over three zones; tasks have no way to the internet.
num_zones       = 3
site            = { cpu = 2048, memory = 4096, min_count = 6, max_count = 30, processes = 2 }
training_server = { cpu = 512, memory = 1024, count = 2 }
worker          = { cpu = 8192, memory = 16384, max_count = 2 }
database = {
  instance_class = "db.r7g.2xlarge"
  storage_gb     = 4000
  max_storage_gb = 16000
  is_multi_zone  = true
  backup_days    = 14
}
egress             = "endpoints"
log_days           = 30
monthly_budget_usd = 10000
