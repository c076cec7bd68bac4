# A fresh clone, whose repository nobody has set: the global stack is valid, but no pipeline is made.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

override_resource {
  target = aws_s3_bucket.state
  values = { arn = "arn:aws:s3:::a-bucket" }
}
override_resource {
  target = aws_dynamodb_table.state_locks
  values = { arn = "arn:aws:dynamodb:us-east-1:123456789012:table/locks" }
}

run "refused" {
  command         = plan
  expect_failures = [aws_codepipeline.nonprod_pipeline, aws_codepipeline.prod_pipeline]
}
