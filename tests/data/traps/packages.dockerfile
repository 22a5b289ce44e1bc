FROM debian:12-slim
RUN apt-get install -y zsh \
    bash \
    # comment about vim
    vim \
    -t bookworm-backports \
    git=1.2 \
    && true
# output
FROM debian:12-slim
RUN apt-get install -y bash \
    zsh \
    # comment about vim
    vim \
    -t bookworm-backports \
    git=1.2 \
    && true
# ----
FROM debian:12-slim
RUN apk add --no-cache zsh bash --repository http://x/y git --virtual .deps b a
# output
FROM debian:12-slim
RUN apk add --no-cache a b --repository http://x/y bash --virtual .deps git zsh
# ----
FROM debian:12-slim
RUN apk add --no-cache --virtual .b zsh bash $PKGS abc "x y" ac
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install -y foo- bar+ baz/stable aaa:i386 \
  ${X} \
  -o Dpkg::Options::="--force-confold" zzz aaa
# unchanged
# ----
FROM debian:12-slim
RUN yum install -y --enablerepo epel zsh bash --enablerepo=foo abc
# output
FROM debian:12-slim
RUN yum install -y --enablerepo epel abc bash --enablerepo=foo zsh && yum clean all
# ----
FROM debian:12-slim
RUN dnf -y install @development zsh bash https://x/y.rpm ./local.rpm && dnf clean all
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install -y z a; apt-get install -y b a && rm -rf /var/lib/apt/lists/*
# output
FROM debian:12-slim
RUN apt-get install -y a z; apt-get install -y a b && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get install -y \
      z \
      a
# output
FROM debian:12-slim
RUN apt-get install -y \
      a \
      z
# ----
FROM debian:12-slim
RUN apt-get install -y \
      z \
      a \

RUN true
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install -y \
      z \
      a \
# output
FROM debian:12-slim
RUN apt-get install -y \
      a \
      z \
# ----
FROM debian:12-slim
RUN apt-get install -y \
      z \

      a \
      # c
      # d

      b \
      b
# output
FROM debian:12-slim
RUN apt-get install -y \
      a \
      z \
      # c
      # d
      b \
      b
# ----
FROM debian:12-slim
RUN apt-get install -y z a > /dev/null b
# output
FROM debian:12-slim
RUN apt-get install -y a b > /dev/null z
# ----
FROM debian:12-slim
RUN apt-get install -y z a{b,c} {d..e} ?x *y
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install -y z \
  a b \
  c # trailing
# output
FROM debian:12-slim
RUN apt-get install -y a \
  b c \
  z # trailing
# ----
FROM debian:12-slim
RUN pip install zlib==1 abc>=2 "x<3" -r req.txt foo -e . bar
# output
FROM debian:12-slim
RUN pip install --no-cache-dir zlib==1 abc>=2 "x<3" -r req.txt foo -e . bar
# ----
FROM debian:12-slim
RUN npm install -g z a && npm i b a --save-dev
# output
FROM debian:12-slim
RUN npm install -g z a && npm i b a --save-dev && npm cache clean --force
# ----
FROM debian:12-slim
RUN <<EOF
apt-get install -y \
  z \
  a
EOF
# output
FROM debian:12-slim
RUN <<EOF
apt-get install -y \
  a \
  z
EOF
# ----
FROM debian:12-slim
RUN <<EOF
apt-get update
apt-get install z a
EOF
# output
FROM debian:12-slim
RUN <<EOF
apt-get update
apt-get install -y a z && rm -rf /var/lib/apt/lists/*
EOF
# ----
FROM debian:12-slim
RUN <<'EOF' bash -e
apt-get update && apt-get install z a
EOF
# output
FROM debian:12-slim
RUN <<'EOF' bash -e
apt-get update && apt-get install -y a z && rm -rf /var/lib/apt/lists/*
EOF
# ----
FROM debian:12-slim
RUN cat <<EOF > /x
apt-get update && apt-get install z a
EOF
# unchanged
# ----
FROM debian:12-slim
RUN cat <<EOF > install.sh && sh install.sh
apt-get update && apt-get install z a
sudo foo
EOF
# unchanged
# ----
FROM debian:12-slim
COPY <<EOF /install.sh
#!/bin/sh
sudo apt-get install foo
cd /x && make
EOF
# unchanged
