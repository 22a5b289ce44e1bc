FROM debian:12
run   <<EOF
  echo   "kept"   
	if true; then   echo; fi


EOF
COPY   --chmod=755    <<-"A"   <<B   /x/
  1  
	A
 2
B
RUN cat   <<EOF   >   /x   &&   true
a
EOF
# output
FROM debian:12
RUN <<EOF
  echo   "kept"   
	if true; then   echo; fi


EOF
COPY --chmod=755 <<-"A" <<B /x/
  1  
	A
 2
B
RUN cat   <<EOF   >   /x   &&   true
a
EOF
