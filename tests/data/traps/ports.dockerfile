FROM debian:12-slim
EXPOSE 80:8080 443/TCP $P 53/Udp 1-3 "80" 8080/tcp/udp
# output
FROM debian:12-slim
EXPOSE 8080 443/tcp $P 53/udp 1-3 "80" 8080/tcp/udp
# ----
FROM debian:12-slim
EXPOSE 127.0.0.1:80:8080 [::1]:80 99999 0 -1 abc 3-1
# output
FROM debian:12-slim
EXPOSE 8080 [::1]:80 99999 0 -1 abc 3-1
# ----
FROM debian:12-slim
EXPOSE 80, 443
EXPOSE 80,443
EXPOSE 80;443
EXPOSE 80 # web
EXPOSE \
  80 \
  # c
  81
# output
FROM debian:12-slim
EXPOSE 80 443
EXPOSE 80 443
EXPOSE 80 443
# web
EXPOSE 80
EXPOSE \
  80 \
  # c
  81
