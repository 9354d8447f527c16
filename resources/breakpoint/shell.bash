# The start file of a person's shell in a paused build. Its variables are there already, but for structured attributes.

# shellcheck source=/dev/null
if [[ -e ${NIX_ATTRS_SH_FILE:-} ]]; then . "$NIX_ATTRS_SH_FILE"; fi
unset HISTFILE
PS1='\[\e[2m\]paused\[\e[0m\] \[\e[1m\]\w\[\e[0m\] \$ '
