# About 1,000 drawings a minute, some thousand open pages; survives the loss of a zone.
site            = { cpu = 1024, memory = 2048, min_count = 2, max_count = 6, processes = 2 }
training_server = { cpu = 256, memory = 1024, count = 1 }
worker          = { cpu = 4096, memory = 8192, max_count = 1 }
database = {
  instance_class = "db.m7g.large"
  storage_gb     = 200
  max_storage_gb = 2000
  is_multi_zone  = true
  backup_days    = 14
}
egress             = "nat"
monthly_budget_usd = 900
