# Three secrets, made here, once, and kept in Secrets Manager only: ephemeral values and write-only arguments leave
# nothing of them in the state or in a plan. Counting secrets_revision up makes all of them anew.

locals {
  secrets = {
    database_password = "PostgreSQL's password"
    contributor_key   = "Key for the hashes of contributors' addresses"
    operator_token    = "The operator's token, 256 bits"
  }
}

ephemeral "aws_secretsmanager_random_password" "contributor_key" {
  password_length     = 64
  exclude_punctuation = true
  exclude_uppercase   = true
  # Hex digits only: what is left of the small letters is a to f.
  exclude_characters         = "ghijklmnopqrstuvwxyz"
  require_each_included_type = true
}

ephemeral "aws_secretsmanager_random_password" "other" {
  for_each                   = toset(["database_password", "operator_token"])
  password_length            = 48
  exclude_punctuation        = true
  require_each_included_type = true
}

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV_AWS_149:Encrypted with Secrets Manager's own key; the roles that may read are the same.
  # checkov:skip=CKV2_AWS_57:Tasks read secrets when they start: an automatic rotation would lock them out. docs/cloud.md tells how to rotate.
  for_each                = local.secrets
  name                    = "${var.name}/${each.key}"
  description             = each.value
  recovery_window_in_days = var.is_protected ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each  = local.secrets
  secret_id = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo = (
    each.key == "contributor_key"
    ? ephemeral.aws_secretsmanager_random_password.contributor_key.random_password
    : ephemeral.aws_secretsmanager_random_password.other[each.key].random_password
  )
  # The contributors' key is never made anew by a revision: nobody could correct their drawings any more.
  secret_string_wo_version = each.key == "contributor_key" ? 1 : var.secrets_revision
}

# Read back, not handed on: the value that was stored is the one that counts, on the second apply, too.
ephemeral "aws_secretsmanager_secret_version" "database_password" {
  secret_id  = aws_secretsmanager_secret.this["database_password"].id
  version_id = aws_secretsmanager_secret_version.this["database_password"].version_id
}
