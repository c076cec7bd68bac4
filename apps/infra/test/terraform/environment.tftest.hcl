# The wiring of an environment, as Terraform itself resolves it. Run by `npm run prove:terraform` in each stack's
# folder; the provider is a mock, so that nothing needs an account.

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
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:a-group" }
  }
  mock_resource "aws_cloudwatch_metric_alarm" {
    defaults = { arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:an-alarm" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:123456789012:rule/a-rule" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:us-east-1:123456789012:table/a-table" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:alerts" }
  }
  mock_resource "aws_api_gateway_rest_api" {
    defaults = { execution_arn = "arn:aws:execute-api:us-east-1:123456789012:abc" }
  }
  mock_resource "aws_api_gateway_stage" {
    defaults = { invoke_url = "https://abc.execute-api.us-east-1.amazonaws.com/stage" }
  }
  mock_resource "aws_lambda_function" {
    defaults = {
      arn        = "arn:aws:lambda:us-east-1:123456789012:function:another"
      invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/another/invocations"
    }
  }
}

override_resource {
  target = aws_sqs_queue.order_queue
  values = {
    arn = "arn:aws:sqs:us-east-1:123456789012:the-queue"
    url = "https://sqs.us-east-1.amazonaws.com/123456789012/the-queue"
  }
}
override_resource {
  target = aws_sqs_queue.order_dlq
  values = {
    arn = "arn:aws:sqs:us-east-1:123456789012:the-dlq"
    url = "https://sqs.us-east-1.amazonaws.com/123456789012/the-dlq"
  }
}
override_resource {
  target = aws_lambda_function.validator
  values = { arn = "arn:aws:lambda:us-east-1:123456789012:function:the-validator" }
}
override_resource {
  target = aws_lambda_function.order_storage
  values = { arn = "arn:aws:lambda:us-east-1:123456789012:function:the-storage" }
}
override_resource {
  target = aws_lambda_function.fulfill_order
  values = { arn = "arn:aws:lambda:us-east-1:123456789012:function:the-fulfilment" }
}
override_resource {
  target = aws_lambda_function.dlq_handler
  values = { arn = "arn:aws:lambda:us-east-1:123456789012:function:the-dlq-handler" }
}
override_resource {
  target = aws_sfn_state_machine.order_processing
  values = { arn = "arn:aws:states:us-east-1:123456789012:stateMachine:the-workflow" }
}

run "wiring" {
  command = apply

  assert {
    condition     = jsondecode(aws_sqs_queue.order_queue.redrive_policy).deadLetterTargetArn == "arn:aws:sqs:us-east-1:123456789012:the-dlq"
    error_message = "order-queue must give up its messages to order-dlq"
  }
  assert {
    condition     = aws_sqs_queue.order_dlq.message_retention_seconds > aws_sqs_queue.order_queue.message_retention_seconds
    error_message = "the dead letters must be kept longer than the messages"
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.fulfill_order_mapping.event_source_arn == "arn:aws:sqs:us-east-1:123456789012:the-queue" &&
      aws_lambda_event_source_mapping.fulfill_order_mapping.function_name == "arn:aws:lambda:us-east-1:123456789012:function:the-fulfilment" &&
      contains(aws_lambda_event_source_mapping.fulfill_order_mapping.function_response_types, "ReportBatchItemFailures")
    )
    error_message = "fulfill-order must read order-queue and report single failures"
  }
  assert {
    condition = (
      aws_lambda_event_source_mapping.dlq_handler_mapping.event_source_arn == "arn:aws:sqs:us-east-1:123456789012:the-dlq" &&
      aws_lambda_event_source_mapping.dlq_handler_mapping.function_name == "arn:aws:lambda:us-east-1:123456789012:function:the-dlq-handler" &&
      contains(aws_lambda_event_source_mapping.dlq_handler_mapping.function_response_types, "ReportBatchItemFailures")
    )
    error_message = "dlq-handler must read order-dlq and report single failures"
  }
  assert {
    condition = (
      jsondecode(aws_sfn_state_machine.order_processing.definition).States.ValidateOrder.Parameters.FunctionName == "arn:aws:lambda:us-east-1:123456789012:function:the-validator" &&
      jsondecode(aws_sfn_state_machine.order_processing.definition).States.StoreOrder.Parameters.FunctionName == "arn:aws:lambda:us-east-1:123456789012:function:the-storage" &&
      jsondecode(aws_sfn_state_machine.order_processing.definition).States.SendToQueue.Parameters.QueueUrl == "https://sqs.us-east-1.amazonaws.com/123456789012/the-queue" &&
      jsondecode(aws_sfn_state_machine.order_processing.definition).States.SendToDeadLetterQueue.Parameters.QueueUrl == "https://sqs.us-east-1.amazonaws.com/123456789012/the-dlq"
    )
    error_message = "the workflow must call validator and order-storage and send to the two queues"
  }
  assert {
    condition     = aws_lambda_function.api_handler.environment[0].variables["STATE_MACHINE_ARN"] == "arn:aws:states:us-east-1:123456789012:stateMachine:the-workflow"
    error_message = "api-handler must start the workflow"
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.alarm_fulfill_order_errors.dimensions["FunctionName"] == aws_lambda_function.fulfill_order.function_name &&
      aws_cloudwatch_metric_alarm.alarm_order_queue_age.dimensions["QueueName"] == aws_sqs_queue.order_queue.name &&
      alltrue([for query in aws_cloudwatch_metric_alarm.alarm_order_dlq_not_empty.metric_query : query.metric[0].dimensions["QueueName"] == aws_sqs_queue.order_dlq.name if length(query.metric) > 0]) &&
      aws_cloudwatch_metric_alarm.alarm_executions_failed.dimensions["StateMachineArn"] == "arn:aws:states:us-east-1:123456789012:stateMachine:the-workflow" &&
      aws_cloudwatch_metric_alarm.alarm_api_5xx.dimensions["ApiName"] == aws_api_gateway_rest_api.api.name &&
      aws_cloudwatch_metric_alarm.alarm_api_5xx.dimensions["Stage"] == aws_api_gateway_stage.api_stage.stage_name &&
      aws_cloudwatch_metric_alarm.alarm_dead_lettered_orders.dimensions["environment"] == aws_lambda_function.dlq_handler.environment[0].variables["ENVIRONMENT_NAME"] &&
      aws_cloudwatch_metric_alarm.alarm_dead_lettered_orders.namespace == aws_lambda_function.dlq_handler.environment[0].variables["METRICS_NAMESPACE"]
    )
    error_message = "every alarm must watch this environment's own resources"
  }
  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.alarm_dead_lettered_orders, aws_cloudwatch_metric_alarm.alarm_success_rate] : alarm.alarm_actions == toset(["arn:aws:sns:us-east-1:123456789012:alerts"])])
    error_message = "alarms must tell the topic"
  }
  assert {
    condition     = aws_sns_topic_subscription.alerts_email.endpoint == "team@example.com" && aws_sns_topic_subscription.alerts_email.topic_arn == "arn:aws:sns:us-east-1:123456789012:alerts"
    error_message = "the e-mail address must get the alarms"
  }
  assert {
    condition     = aws_lambda_permission.api_post_order_permission.source_arn == "arn:aws:execute-api:us-east-1:123456789012:abc/${aws_api_gateway_stage.api_stage.stage_name}/POST/order"
    error_message = "only POST /order of this stage may call api-handler"
  }
  assert {
    condition     = aws_cloudwatch_event_target.stuck_order_sweep_schedule_target.rule == aws_cloudwatch_event_rule.stuck_order_sweep_schedule.name
    error_message = "the schedule must start the sweep"
  }
  assert {
    condition     = output.api_gateway_url == "https://abc.execute-api.us-east-1.amazonaws.com/stage"
    error_message = "the URL must be the stage's"
  }
}
