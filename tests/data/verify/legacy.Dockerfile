FROM ubuntu:22.04
MAINTAINER Some One <some@one.example>
ENV DEBIAN_FRONTEND noninteractive
ENV GREETING hello wide   world
ENV HOME_DIR /home/app
RUN apt-get update && apt-get install -y \
    build-essential \
    git=1:2.34.1 \
    python3-pip \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
RUN cd /opt && git clone --depth 1 https://example.com/repo.git || exit 1
RUN pip3 install --no-cache-dir 'requests>=2' "flask<3" && \
    echo 'export A="$HOME"' >> /etc/profile && \
    sed -i 's/a  b/\$c/' /etc/conf
RUN echo "price: \$5" > /etc/price 2>&1 | tee log
USER root
RUN chown -R nobody $HOME_DIR
USER nobody
WORKDIR $HOME_DIR
WORKDIR data
COPY requirements.txt setup.py data/
COPY src src
ADD http://example.com/archive.tar.gz /tmp/
ADD vendor.tgz vendor/
ONBUILD COPY . /app
ONBUILD RUN make -C /app
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -s https://example.com/key | gpg --dearmor > /etc/key.gpg
EXPOSE 80 443/tcp 5000-5002/udp
VOLUME /data /logs
CMD exec python3 -m app --port $PORT "a  b"
