"""Calls of the Linux kernel that Python lacks, and programs of processes beside a build."""
