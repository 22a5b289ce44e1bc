FROM debian:12-slim
RUN sudo apt-get install -y foo && sudo -u app make && sudo -E make && sudo -H pip install x
# output
FROM debian:12-slim
RUN apt-get install -y foo && sudo -u app make && make && pip install --no-cache-dir x
# ----
FROM debian:12-slim
USER app
RUN sudo apt-get install -y foo
# unchanged
# ----
FROM debian:12-slim
RUN sudo echo foo > /etc/x && sudo sh -c 'echo a > b'
# unchanged
# ----
FROM debian:12-slim
RUN sudo FOO=bar make
# output
FROM debian:12-slim
RUN FOO=bar make
# ----
FROM debian:12-slim
RUN sudo -- make
# output
FROM debian:12-slim
RUN make
# ----
FROM debian:12-slim
RUN sudo cd /x && make
# unchanged
# ----
FROM debian:12-slim
RUN echo x | sudo tee /etc/foo
# output
FROM debian:12-slim
RUN echo x | tee /etc/foo
# ----
FROM debian:12-slim
RUN which sudo && sudo make
# output
FROM debian:12-slim
RUN which sudo && make
# ----
FROM debian:12-slim
RUN sudo ! true
# unchanged
# ----
FROM debian:12-slim
RUN sudo true || sudo make; sudo if
# unchanged
# ----
FROM debian:12-slim
RUN sudo "$CMD" x
# unchanged
# ----
FROM debian:12-slim
RUN sudo $CMD
# unchanged
# ----
FROM debian:12-slim
RUN for i in a b; do sudo rm $i; done
# output
FROM debian:12-slim
RUN for i in a b; do rm $i; done
# ----
FROM debian:12-slim
RUN sudo \
  # comment
  make
# output
FROM debian:12-slim
RUN \
  # comment
  make
# ----
FROM debian:12-slim
RUN sudo su - app -c "make"
# output
FROM debian:12-slim
RUN su - app -c "make"
# ----
FROM debian:12-slim
RUN sudo [ -f x ]
# unchanged
# ----
FROM debian:12-slim
RUN sudo time make
# output
FROM debian:12-slim
RUN time make
# ----
FROM debian:12-slim
RUN sudo export X=1
# unchanged
# ----
FROM debian:12-slim
RUN sudo echo $HOME && sudo env
# unchanged
# ----
FROM debian:12-slim
RUN x=$(sudo id -u) && echo $x
# output
FROM debian:12-slim
RUN x=$(id -u) && echo $x
# ----
FROM debian:12-slim
RUN sudo -i make && sudo -n true && sudo -S x && sudo -v && sudo -k
# unchanged
# ----
FROM debian:12-slim
RUN adduser bob sudo && echo "bob ALL=(ALL) NOPASSWD:ALL" >> /etc/sudoers && sudo -l
# unchanged
# ----
ARG BASE=debian:12-slim
FROM $BASE
RUN sudo make
# unchanged
# ----
FROM debian:12-slim
ARG NAME=root
ENV WHO=$NAME
USER $WHO
RUN sudo make
# unchanged
# ----
ARG TAG=12
FROM debian:$TAG
RUN sudo make
# output
ARG TAG=12
FROM debian:$TAG
RUN make
# ----
FROM debian:12-slim
ARG VERSION
RUN sudo make
# unchanged
# ----
FROM debian:12-slim
RUN sudo make
ARG VERSION
# output
FROM debian:12-slim
RUN make
ARG VERSION
