# How tasks reach what they need of AWS: images, secrets, logs, S3. They need nothing else.

locals {
  task_subnets = [for subnet in(var.egress == "public" ? aws_subnet.public : aws_subnet.private) : subnet.id]
  nat_zones    = var.egress == "nat" ? local.zone_index : {}
  services     = var.egress == "endpoints" ? toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager"]) : toset([])
}

# Free, and images' layers lie in S3, too: the most expensive way is never taken for the largest files.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.s3"
  route_table_ids   = concat([aws_route_table.public.id], [for table in aws_route_table.private : table.id])
}

resource "aws_vpc_endpoint" "service" {
  for_each            = local.services
  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints[0].id]
}

resource "aws_eip" "nat" {
  # checkov:skip=CKV2_AWS_19:It belongs to a NAT gateway; there are no instances here.
  for_each = local.nat_zones
  domain   = "vpc"
}

resource "aws_nat_gateway" "zone" {
  for_each      = local.nat_zones
  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id
  depends_on    = [aws_internet_gateway.this]
}

resource "aws_route" "nat" {
  for_each               = local.nat_zones
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.zone[each.key].id
}
