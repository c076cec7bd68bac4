# What the environments share, as Terraform itself resolves it; the provider is a mock.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/a-role" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/the-boundary" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::a-bucket" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:us-east-1:123456789012:table/locks" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:a-group" }
  }
  mock_resource "aws_codestarconnections_connection" {
    defaults = { arn = "arn:aws:codestar-connections:us-east-1:123456789012:connection/the-connection" }
  }
  mock_resource "aws_codebuild_project" {
    defaults = { arn = "arn:aws:codebuild:us-east-1:123456789012:project/a-project" }
  }
}

# These two are imported: the bootstrap made them.
override_resource {
  target = aws_s3_bucket.state
  values = { arn = "arn:aws:s3:::a-bucket" }
}
override_resource {
  target = aws_dynamodb_table.state_locks
  values = { arn = "arn:aws:dynamodb:us-east-1:123456789012:table/locks" }
}

run "wiring" {
  command = plan

  assert {
    condition     = aws_codepipeline.nonprod_pipeline.pipeline_type == "V2" && aws_codepipeline.prod_pipeline.pipeline_type == "V2"
    error_message = "both pipelines must be V2"
  }
  assert {
    condition     = [for stage in aws_codepipeline.nonprod_pipeline.stage : stage.name] == ["Source", "Test", "DeployDev", "SmokeDev", "DeployStaging", "SmokeStaging"]
    error_message = "nonprod: test, dev with its smoke test, staging with its smoke test"
  }
  assert {
    condition     = [for stage in aws_codepipeline.prod_pipeline.stage : stage.name] == ["Source", "Test", "Plan", "Approve", "Apply", "SmokeProd"]
    error_message = "prod: test, plan, approval, apply, smoke test"
  }
  assert {
    condition     = aws_codepipeline.nonprod_pipeline.stage[0].action[0].configuration["BranchName"] == "develop" && aws_codepipeline.prod_pipeline.stage[0].action[0].configuration["BranchName"] == "main"
    error_message = "develop goes to nonprod, main to prod"
  }
  assert {
    condition     = aws_codepipeline.prod_pipeline.stage[0].action[0].configuration["OutputArtifactFormat"] == "CODEBUILD_CLONE_REF"
    error_message = "builds must get the whole history"
  }
  assert {
    condition     = aws_codepipeline.prod_pipeline.stage[3].action[0].configuration["CustomData"] == "#{Plan.PLAN_SUMMARY}"
    error_message = "the approver must see the plan's summary"
  }
  assert {
    condition     = contains(aws_codepipeline.prod_pipeline.stage[4].action[0].input_artifacts, "plan") && aws_codepipeline.prod_pipeline.stage[2].action[0].output_artifacts == tolist(["plan"])
    error_message = "what is applied must be the plan that was approved"
  }
  assert {
    condition     = aws_codebuild_project.nonprod_deploy.source[0].buildspec == "buildspec-nonprod.yml" && aws_codebuild_project.prod_deploy.source[0].buildspec == "buildspec-prod.yml"
    error_message = "each pipeline must run its own buildspec"
  }
  assert {
    condition     = aws_codepipeline.prod_pipeline.stage[2].action[0].configuration["ProjectName"] == aws_codebuild_project.prod_plan.name && aws_codepipeline.prod_pipeline.stage[4].action[0].configuration["ProjectName"] == aws_codebuild_project.prod_deploy.name
    error_message = "the plan must be made without the right to deploy"
  }
  assert {
    condition     = aws_dynamodb_table.state_locks.hash_key == "LockID"
    error_message = "Terraform locks by LockID"
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.state_access_block.block_public_acls && aws_s3_bucket_public_access_block.state_access_block.restrict_public_buckets
    error_message = "the state must be closed to the public"
  }
}
