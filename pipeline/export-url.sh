# Sourced with the environment's name: API_URL becomes what Terraform says, for CodeBuild to export. So does API_KEY_ID
# where the API asks for a key: the id, not the key.
outputs_of() { terraform -chdir="$(folder_of "$1")" output -raw "$2"; }

API_URL="$(outputs_of "$1" api_gateway_url)"
printf '%s' "$API_URL" >"${API_URL_FILE:-.api-url}"
echo "deployed: $API_URL"
if API_KEY_ID="$(outputs_of "$1" api_key_id 2>/dev/null)" && [ -n "$API_KEY_ID" ]; then
  printf '%s' "$API_KEY_ID" >.api-key-id
fi
