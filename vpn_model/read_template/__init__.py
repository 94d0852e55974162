"""Reads the model from CloudFormation templates: of the CDK or written by hand, in JSON or YAML.

``assembly`` finds the templates of an app, ``document`` parses one, ``template`` resolves it, and ``network`` makes
the model of it.
"""
