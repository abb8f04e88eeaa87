"""Talks to a cluster with Python's client, as users of it do: one scene at a time, told as one line of JSON."""

import json
import sys
import threading
from datetime import datetime, timezone

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import portforward, stream

SECONDS = 20


def pod(name):
    command = ["sh", "-c", "echo started; cat"]
    main = {"name": "main", "image": "registry.example/mine:1", "command": command, "stdin": True}
    return {"metadata": {"name": name}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [main]}}


def lists(api):
    """Pages by their tokens, next to the whole list."""
    whole = api.list_pod_for_all_namespaces()
    pages, token = [], None
    while token != "":
        page = api.list_pod_for_all_namespaces(limit=5, _continue=token)
        pages.append([item.metadata.name for item in page.items])
        token = page.metadata._continue or ""
    selected = api.list_namespaced_pod(
        "shop", label_selector="app in (web, cache)", field_selector="status.phase=Running"
    )
    return {
        "whole": [item.metadata.name for item in whole.items],
        "pages": pages,
        "selected": [item.metadata.name for item in selected.items],
        "started": whole.items[0].status.start_time <= datetime.now(timezone.utc),
    }


def watches(api):
    """Events of a pod, from the version of a list until it is deleted."""
    version = api.list_namespaced_pod("default").metadata.resource_version
    threading.Timer(0.2, lambda: api.create_namespaced_pod("default", pod("seen"))).start()
    seen = []
    events = watch.Watch().stream(
        api.list_namespaced_pod, "default", resource_version=version, timeout_seconds=SECONDS
    )
    for event in events:
        if event["object"].metadata.name != "seen":
            continue
        phase = event["object"].status.phase
        if phase == "Running" and event["type"] == "MODIFIED" and "Running" not in seen:
            api.delete_namespaced_pod("seen", "default")
        step = event["type"] if event["type"] != "MODIFIED" else phase
        if step not in seen:
            seen.append(step)
        if event["type"] == "DELETED":
            break
    return seen


def writes(api):
    """A pod from creation to deletion, and what mistakes are called."""
    created = api.create_namespaced_pod("default", pod("mine"))
    patched = api.patch_namespaced_pod("mine", "default", {"metadata": {"labels": {"step": "two"}}})
    stale = api.api_client.sanitize_for_serialization(created)
    refusals = []
    for attempt in (
        lambda: api.create_namespaced_pod("default", pod("mine")),
        lambda: api.replace_namespaced_pod("mine", "default", stale),
        lambda: api.read_namespaced_pod("nowhere", "default"),
    ):
        try:
            refusals.append(str(attempt()))
        except ApiException as refusal:
            refusals.append([refusal.status, json.loads(refusal.body)["reason"]])
    log = api.read_namespaced_pod_log("web-0", "default")
    api.delete_namespaced_pod("mine", "default", grace_period_seconds=0)
    return {"step": patched.metadata.labels["step"], "refusals": refusals, "log": log}


def execs(api):
    """Processes: one that speaks, and one that is spoken to and ends with a code."""
    connect = api.connect_get_namespaced_pod_exec
    streams = {"stdout": True, "stderr": True, "tty": False}
    spoken = stream(connect, "web-0", "default", command=["echo", "a b"], stdin=False, **streams)
    command = ["sh", "-c", "cat; echo over >&2; exit 7"]
    streams |= {"stdin": True, "_preload_content": False}
    talk = stream(connect, "web-0", "default", command=command, **streams)
    talk.write_stdin("one\n")
    first = talk.readline_stdout(timeout=SECONDS)
    talk.write_stdin("two\n")
    second = talk.readline_stdout(timeout=SECONDS)
    talk.close_channel(0)
    talk.run_forever(timeout=SECONDS)
    last = talk.read_stderr()
    return {"spoken": spoken, "talk": [first, second, last], "code": talk.returncode, "protocol": talk.subprotocol}


def ports(api):
    """Two ports of a pod: one where something listens and one where nothing does."""
    connect = api.connect_get_namespaced_pod_portforward
    forward = portforward(connect, "web-0", "default", ports="80,81")
    listening = forward.socket(80)
    listening.settimeout(SECONDS)
    listening.sendall(b"GET /there?a=b HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
    heard = b""
    while chunk := listening.recv(4096):
        heard += chunk
    head, _, body = heard.decode().partition("\r\n\r\n")
    errors = [forward.error(80), forward.error(81)]
    return {"status": head.split("\r\n")[0], "body": json.loads(body), "errors": errors}


def main():
    config.load_kube_config()
    scene = {scene.__name__: scene for scene in (lists, watches, writes, execs, ports)}[sys.argv[1]]
    print(json.dumps(scene(client.CoreV1Api())))


main()
