FROM busybox
COPY <<EOF <<'RAW' /etc/conf/
value = ${HOME:-none}
EOF
literal = $HOME
RAW
RUN <<EOT
echo "from a heredoc" > /here
mkdir /deep && echo inner > /deep/file
EOT
ENV HOME=/home
