// Runs in the page, beside the bundle that defines SwaggerUIBundle.
SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  // Nothing leaves this origin.
  validatorUrl: null,
});
