# The artifact store: s3://<bucket>/versions/<version>/<file>. Nothing in it changes, and nobody but CloudFront and our
# tasks reads it.

resource "aws_s3_bucket" "versions" {
  # checkov:skip=CKV_AWS_18:CloudFront counts the requests, and tasks' reads and writes are in the runs' rows.
  # checkov:skip=CKV_AWS_144:A version can be trained again from the database, which is backed up; another region doubles the price.
  # checkov:skip=CKV_AWS_145:Encrypted with S3's own keys; a key of ours would let the same roles read, for a price per request.
  # checkov:skip=CKV2_AWS_62:Nobody waits for its events: a version is announced by its row in the database.
  bucket_prefix = "${var.name}-versions-"
  force_destroy = !var.is_protected
}

resource "aws_s3_bucket_versioning" "versions" {
  bucket = aws_s3_bucket.versions.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "versions" {
  bucket = aws_s3_bucket.versions.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_public_access_block" "versions" {
  bucket                  = aws_s3_bucket.versions.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "versions" {
  bucket = aws_s3_bucket.versions.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_lifecycle_configuration" "versions" {
  bucket = aws_s3_bucket.versions.id

  rule {
    id     = "tidy"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration { noncurrent_days = var.version_days }
    abort_incomplete_multipart_upload { days_after_initiation = 2 }
  }

  depends_on = [aws_s3_bucket_versioning.versions]
}

data "aws_iam_policy_document" "versions_bucket" {
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.versions.arn, "${aws_s3_bucket.versions.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  # Writing a manifest completes a version: it succeeds once, whoever has the right to write.
  statement {
    sid       = "ManifestsAreWrittenOnce"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.versions.arn}/versions/*/manifest.json"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
  }

  statement {
    sid       = "OurDistributionReads"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.versions.arn}/versions/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudfront_distribution.this.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "versions" {
  bucket     = aws_s3_bucket.versions.id
  policy     = data.aws_iam_policy_document.versions_bucket.json
  depends_on = [aws_s3_bucket_public_access_block.versions]
}
