"""Reads an environment back with boto3 and compares it with its settings.

    python3 read_back.py PREFIX deployed|gone SETTINGS_JSON

Prints each difference; exit status 1 if there is one.
"""

import json
import sys

import boto3

PREFIX, STATE, SETTINGS = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
FUNCTIONS = {
    "api-handler": SETTINGS["lambdaTimeoutSeconds"],
    "validator": SETTINGS["lambdaTimeoutSeconds"],
    "order-storage": SETTINGS["lambdaTimeoutSeconds"],
    "fulfill-order": SETTINGS["fulfillmentTimeoutSeconds"],
    "dlq-handler": SETTINGS["fulfillmentTimeoutSeconds"],
    "stuck-order-sweep": SETTINGS["sweepTimeoutSeconds"],
}
differences = []


def same(what, actual, expected):
    if actual != expected:
        differences.append(f"{what}: is {actual!r}, not {expected!r}")


def ours(names):
    return sorted(name for name in names if PREFIX in name)


def found():
    """Names of everything of ours that exists, by kind."""
    sfn, sns = boto3.client("stepfunctions"), boto3.client("sns")
    alarms = boto3.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {
        "functions": ours(f["FunctionName"] for f in boto3.client("lambda").list_functions()["Functions"]),
        "tables": ours(boto3.client("dynamodb").list_tables()["TableNames"]),
        "queues": ours(boto3.client("sqs").list_queues().get("QueueUrls", [])),
        "state machines": ours(m["name"] for m in sfn.list_state_machines()["stateMachines"]),
        "APIs": ours(api["name"] for api in boto3.client("apigateway").get_rest_apis()["items"]),
        "roles": ours(r["RoleName"] for r in boto3.client("iam").list_roles()["Roles"]),
        "log groups": ours(g["logGroupName"] for g in boto3.client("logs").describe_log_groups()["logGroups"]),
        "alarms": ours(a["AlarmName"] for page in alarms for a in page["MetricAlarms"]),
        "topics": ours(t["TopicArn"] for t in sns.list_topics()["Topics"]),
        "rules": ours(r["Name"] for r in boto3.client("events").list_rules()["Rules"]),
        "dashboards": ours(
            d["DashboardName"] for d in boto3.client("cloudwatch").list_dashboards()["DashboardEntries"]
        ),
    }


def check_functions():
    client = boto3.client("lambda")
    for name, timeout in FUNCTIONS.items():
        function = client.get_function_configuration(FunctionName=f"{PREFIX}-{name}")
        same(f"{name} runtime", function["Runtime"], SETTINGS["lambdaRuntime"])
        same(f"{name} memory", function["MemorySize"], SETTINGS["lambdaMemorySize"])
        same(f"{name} timeout", function["Timeout"], timeout)
        same(f"{name} architecture", function["Architectures"], [SETTINGS["lambdaArchitecture"]])
        same(f"{name} tracing", function["TracingConfig"]["Mode"], "Active")
        same(f"{name} handler", function["Handler"], "index.handler")
    variables = client.get_function_configuration(FunctionName=f"{PREFIX}-fulfill-order")["Environment"]["Variables"]
    same("success rate", variables["FULFILLMENT_SUCCESS_RATE"], str(SETTINGS["fulfillmentSuccessRate"]))
    mappings = client.list_event_source_mappings()["EventSourceMappings"]
    for name, queue in {"fulfill-order": "order-queue", "dlq-handler": "order-dlq"}.items():
        [mapping] = [m for m in mappings if m["FunctionArn"].endswith(f"{PREFIX}-{name}")]
        same(f"{name} source", mapping["EventSourceArn"].split(":")[-1], f"{PREFIX}-{queue}")
        same(f"{name} batch", mapping["BatchSize"], SETTINGS["queueBatchSize"])
        same(f"{name} partial failures", mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
        concurrency = mapping["ScalingConfig"]["MaximumConcurrency"]
        same(f"{name} concurrency", concurrency, SETTINGS["queueMaximumConcurrency"])


def check_queues():
    client = boto3.client("sqs")

    def attributes(name):
        url = client.get_queue_url(QueueName=f"{PREFIX}-{name}")["QueueUrl"]
        return client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    queue, dlq = attributes("order-queue"), attributes("order-dlq")
    redrive = json.loads(queue["RedrivePolicy"])
    same("redrive target", redrive["deadLetterTargetArn"], dlq["QueueArn"])
    same("receives", redrive["maxReceiveCount"], SETTINGS["maxReceiveCount"])
    same("queue retention", queue["MessageRetentionPeriod"], str(SETTINGS["orderQueueRetentionDays"] * 86400))
    same("DLQ retention", dlq["MessageRetentionPeriod"], str(SETTINGS["dlqRetentionDays"] * 86400))
    for name, one in {"order-queue": queue, "order-dlq": dlq}.items():
        same(f"{name} visibility", one["VisibilityTimeout"], str(SETTINGS["visibilityTimeoutSeconds"]))
        same(f"{name} encryption", one.get("SqsManagedSseEnabled"), "true")


def check_tables():
    client = boto3.client("dynamodb")
    indexes = {
        "orders": ("status-index", ["status_shard", "created_at"], "KEYS_ONLY"),
        "failed-orders": ("failed-at-index", ["failed_shard", "failed_at"], "INCLUDE"),
    }
    for name, (index_name, keys, projection) in indexes.items():
        table = client.describe_table(TableName=f"{PREFIX}-{name}")["Table"]
        same(f"{name} key", [key["AttributeName"] for key in table["KeySchema"]], ["order_id"])
        same(f"{name} billing", table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        same(f"{name} encryption", table["SSEDescription"]["Status"], "ENABLED")
        same(f"{name} protection", table["DeletionProtectionEnabled"], SETTINGS["deletionProtection"])
        [index] = table["GlobalSecondaryIndexes"]
        same(f"{name} index", index["IndexName"], index_name)
        same(f"{name} index key", [key["AttributeName"] for key in index["KeySchema"]], keys)
        same(f"{name} projection", index["Projection"]["ProjectionType"], projection)
        backups = client.describe_continuous_backups(TableName=f"{PREFIX}-{name}")["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        same(f"{name} recovery", recovery, "ENABLED" if SETTINGS["pointInTimeRecovery"] else "DISABLED")


def check_workflow():
    client = boto3.client("stepfunctions")
    [machine] = [m for m in client.list_state_machines()["stateMachines"] if m["name"].startswith(PREFIX)]
    described = client.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
    same("workflow name", machine["name"], f"{PREFIX}-order-processing")
    same("workflow type", described["type"], SETTINGS["workflowType"])
    states = json.loads(described["definition"])["States"]
    for state, target in {"ValidateOrder": "validator", "StoreOrder": "order-storage"}.items():
        arn = states[state]["Parameters"]["FunctionName"]
        same(f"{state} calls", arn.split(":")[-1], f"{PREFIX}-{target}")
    same("queue", states["SendToQueue"]["Parameters"]["QueueUrl"].split("/")[-1], f"{PREFIX}-order-queue")


def check_api():
    client = boto3.client("apigateway")
    [api] = [one for one in client.get_rest_apis()["items"] if one["name"] == f"{PREFIX}-api"]
    resources = client.get_resources(restApiId=api["id"])["items"]
    methods = {one["path"]: sorted(one.get("resourceMethods", {})) for one in resources}
    same("methods", methods, {"/": [], "/order": ["OPTIONS", "POST"], "/order/{order_id}": ["GET", "OPTIONS"]})
    [order] = [one for one in resources if one["path"] == "/order"]
    post = client.get_method(restApiId=api["id"], resourceId=order["id"], httpMethod="POST")
    same("model", post["requestModels"], {"$default": "OrderRequest"})
    same("validator", "requestValidatorId" in post, True)
    stage = client.get_stage(restApiId=api["id"], stageName=PREFIX.split("-")[-1])
    same("stage tracing", stage["tracingEnabled"], True)
    same("access log", stage["accessLogSettings"]["destinationArn"].split(":")[-1], f"/aws/apigateway/{PREFIX}-api")
    throttling = stage["methodSettings"]["*/*"]
    same("throttling", throttling["throttlingRateLimit"], SETTINGS["throttlingRateLimit"])
    same("method metrics", throttling["metricsEnabled"], True)
    same("execution log", throttling["loggingLevel"], "OFF")


def check_logs_and_alarms(names):
    for group in boto3.client("logs").describe_log_groups()["logGroups"]:
        if PREFIX in group["logGroupName"]:
            same(f"{group['logGroupName']} retention", group.get("retentionInDays"), SETTINGS["logRetentionDays"])
    [topic] = names["topics"]
    for page in boto3.client("cloudwatch").get_paginator("describe_alarms").paginate():
        for alarm in page["MetricAlarms"]:
            if alarm["AlarmName"].startswith(PREFIX):
                same(f"{alarm['AlarmName']} action", alarm["AlarmActions"], [topic])
    iam = boto3.client("iam")
    for role in names["roles"]:
        same(f"{role} attached policies", iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"], [])
        same(f"{role} policies", iam.list_role_policies(RoleName=role)["PolicyNames"], ["permissions"])
        boundary = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
        same(f"{role} boundary", boundary.split(":")[-1], "policy/dofs/dofs-nonprod-boundary")


names = found()
if STATE == "gone":
    for kind, left in names.items():
        same(kind, left, [])
else:
    counts = {kind: len(existing) for kind, existing in names.items()}
    same(
        "resources",
        counts,
        {
            "functions": 6,
            "tables": 2,
            "queues": 2,
            "state machines": 1,
            "APIs": 1,
            "roles": 7,
            "log groups": 8,
            "alarms": 33,
            "topics": 1,
            "rules": 1,
            "dashboards": 1,
        },
    )
    check_functions()
    check_queues()
    check_tables()
    check_workflow()
    check_api()
    check_logs_and_alarms(names)
print("\n".join(differences))
sys.exit(1 if differences else 0)
