# Sourced with the environment's name: API_URL becomes what Terraform says, for CodeBuild to export.
API_URL="$(terraform -chdir="$(folder_of "$1")" output -raw api_gateway_url)"
printf '%s' "$API_URL" >"${API_URL_FILE:-.api-url}"
echo "deployed: $API_URL"
