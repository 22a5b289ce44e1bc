FROM busybox
COPY app/data/*.txt /all/
COPY --exclude=*.sh app /picked
COPY app/main.sh /bin/main
ADD b.txt /added/
COPY ["a.txt", "with blank.txt", "/json/"]
