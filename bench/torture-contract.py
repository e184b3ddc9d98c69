"""Judges a run of Schemathesis by its own report and by what the service has counted, for torture-contract.sh."""

import collections
import json
import re
import sys

report_file, metrics_file, least_requests = sys.argv[1:]
with open(report_file) as file:
    report = json.load(file)
answers = collections.Counter()
with open(metrics_file) as file:
    for line in file:
        counted = re.match(r'tastematch_http_requests_total\{.*status="(\d+)"\} (\d+)', line)
        if counted:
            answers[counted[1]] += int(counted[2])

cases = report["test_cases"]
problems = []
if cases["generated"] < int(least_requests):
    problems.append(f"{cases['generated']} requests, {least_requests} wanted")
if cases["unique_failures"] > 0 or report["failures"]:
    problems.append(f"{cases['unique_failures']} violations of the contract")
if report["errors"]:
    problems.append("errors: " + ", ".join(error["title"] for error in report["errors"]))
if not report["complete"]:
    problems.append(f"not complete: {report['stop_reason']}")
server_errors = {status: count for status, count in answers.items() if status >= "500" and status != "503"}
if server_errors:
    problems.append(f"5xx: {server_errors}")

print(f"{cases['generated']} requests in one run, {cases['unique_failures']} violations of the contract")
print("answers as the service counts them:", ", ".join(f"{status}: {answers[status]}" for status in sorted(answers)))
for problem in problems:
    print(f"missed: {problem}")
sys.exit(1 if problems else 0)
