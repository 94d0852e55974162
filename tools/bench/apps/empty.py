"""An app with one empty stack: what the CDK itself costs."""

import aws_cdk as cdk

app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
