# ruff: noqa: ARG002 -- every type has the same signatures
"""Instances. A change in place is made as CloudFormation does it: the same instance is stopped, changed and started."""

from __future__ import annotations

import base64
from typing import Any

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    changed,
    picked,
    retag,
    tag,
)

PASSED_ON = (
    "BlockDeviceMappings",
    "CpuOptions",
    "CreditSpecification",
    "DisableApiTermination",
    "EbsOptimized",
    "EnclaveOptions",
    "HibernationOptions",
    "ImageId",
    "InstanceInitiatedShutdownBehavior",
    "InstanceType",
    "KeyName",
    "LaunchTemplate",
    "MetadataOptions",
    "PrivateIpAddress",
    "SecurityGroupIds",
    "SubnetId",
)
STOPPED_TO_CHANGE = ("UserData", "InstanceType", "EbsOptimized")


class Instance(ResourceType):
    name = "AWS::EC2::Instance"

    def create(self, properties: Properties, place: Place) -> str:
        asked: dict[str, Any] = {"MinCount": 1, "MaxCount": 1, **picked(properties, *PASSED_ON)}
        if properties.get("UserData"):
            asked["UserData"] = base64.b64decode(properties["UserData"])
        if properties.get("IamInstanceProfile"):
            asked["IamInstanceProfile"] = {"Name": properties["IamInstanceProfile"]}
        if "Monitoring" in properties:
            asked["Monitoring"] = {"Enabled": properties["Monitoring"]}
        if properties.get("NetworkInterfaces"):
            asked["NetworkInterfaces"] = [_interface(one) for one in properties["NetworkInterfaces"]]
        if properties.get("Tags"):
            tags = [one for one in properties["Tags"] if not one["Key"].startswith("aws:")]
            asked["TagSpecifications"] = [{"ResourceType": "instance", "Tags": tags}] if tags else []
            if tags and properties.get("PropagateTagsToVolumeOnCreation"):
                asked["TagSpecifications"].append({"ResourceType": "volume", "Tags": tags})
        return str(self.ec2.run_instances(**asked)["Instances"][0]["InstanceId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        if "SourceDestCheck" in properties:
            self._set(physical_id, SourceDestCheck={"Value": properties["SourceDestCheck"]})

    def _set(self, identifier: str, **attribute: Any) -> None:
        self.ec2.modify_instance_attribute(InstanceId=identifier, **attribute)

    def _found(self, identifier: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_instances(InstanceIds=[identifier])["Reservations"][0]["Instances"][0]
        return found

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        instance = self._found(physical_id)
        return {
            "InstanceId": physical_id,
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
            "PrivateDnsName": instance.get("PrivateDnsName", ""),
            "PrivateIp": instance.get("PrivateIpAddress", ""),
            "PublicDnsName": instance.get("PublicDnsName", ""),
            "PublicIp": instance.get("PublicIpAddress", ""),
            "VpcId": instance.get("VpcId", ""),
            "State": {"Code": str(instance["State"]["Code"]), "Name": instance["State"]["Name"]},
        }

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if changed(old, new, *STOPPED_TO_CHANGE):
            self._restart_changed(physical_id, old, new)
        if changed(old, new, "SourceDestCheck"):
            self._set(physical_id, SourceDestCheck={"Value": new.get("SourceDestCheck", True)})
        if changed(old, new, "DisableApiTermination"):
            self._set(physical_id, DisableApiTermination={"Value": new.get("DisableApiTermination", False)})
        if changed(old, new, "SecurityGroupIds") and new.get("SecurityGroupIds"):
            self._set(physical_id, Groups=new["SecurityGroupIds"])
        if changed(old, new, "Monitoring"):
            switch = self.ec2.monitor_instances if new.get("Monitoring") else self.ec2.unmonitor_instances
            switch(InstanceIds=[physical_id])
        if changed(old, new, "IamInstanceProfile"):
            self._change_profile(physical_id, new)
        if changed(old, new, "MetadataOptions") and new.get("MetadataOptions"):
            self.ec2.modify_instance_metadata_options(InstanceId=physical_id, **new["MetadataOptions"])
        retag(physical_id, old, new)

    def needs_replacement(self, old: Properties, new: Properties) -> bool:
        """Volumes are part of the launch; only whether they are deleted with the instance can change later."""
        return _volumes(old) != _volumes(new)

    def _restart_changed(self, identifier: str, old: Properties, new: Properties) -> None:
        self.ec2.stop_instances(InstanceIds=[identifier])
        if changed(old, new, "UserData"):
            self._set(identifier, UserData={"Value": base64.b64decode(new.get("UserData", ""))})
        if changed(old, new, "InstanceType") and new.get("InstanceType"):
            self._set(identifier, InstanceType={"Value": new["InstanceType"]})
        if changed(old, new, "EbsOptimized"):
            self._set(identifier, EbsOptimized={"Value": new.get("EbsOptimized", False)})
        self.ec2.start_instances(InstanceIds=[identifier])

    def _change_profile(self, identifier: str, new: Properties) -> None:
        found = self.ec2.describe_iam_instance_profile_associations(
            Filters=[{"Name": "instance-id", "Values": [identifier]}]
        )["IamInstanceProfileAssociations"]
        if new.get("IamInstanceProfile") and found:
            self.ec2.replace_iam_instance_profile_association(
                AssociationId=found[0]["AssociationId"], IamInstanceProfile={"Name": new["IamInstanceProfile"]}
            )
        elif new.get("IamInstanceProfile"):
            self.ec2.associate_iam_instance_profile(
                InstanceId=identifier, IamInstanceProfile={"Name": new["IamInstanceProfile"]}
            )
        elif found:
            self.ec2.disassociate_iam_instance_profile(AssociationId=found[0]["AssociationId"])

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.terminate_instances(InstanceIds=[physical_id])


def _volumes(properties: Properties) -> list[dict[str, Any]]:
    kept = ("DeleteOnTermination",)
    return [
        {**one, "Ebs": {name: value for name, value in (one.get("Ebs") or {}).items() if name not in kept}}
        for one in properties.get("BlockDeviceMappings") or ()
    ]


def _interface(specification: Properties) -> dict[str, Any]:
    """An entry of NetworkInterfaces; CloudFormation calls the groups GroupSet, the API calls them Groups."""
    made = {name: value for name, value in specification.items() if name != "GroupSet"}
    if specification.get("GroupSet"):
        made["Groups"] = specification["GroupSet"]
    return {**made, "DeviceIndex": int(specification["DeviceIndex"])}
