"""An app with one empty stack, which shows the cost of the CDK itself."""

import aws_cdk as cdk

app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
