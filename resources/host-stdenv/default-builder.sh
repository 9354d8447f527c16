# shellcheck shell=bash
# The builder of every package that does not bring one: all phases in their order.
genericBuild
