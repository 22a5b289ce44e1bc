FROM debian:12
RUN if [ "$A" = 1 ]; then \
  echo  yes; \
     else \
  echo no && \
    exit 1; \
 fi
RUN set -eux; \
	for key in A \
	    B; do \
	gpg --recv "$key"; \
	done; \
	\
	case "$(uname -m)" in \
	x86_64) arch=amd64 ;; \
	*) \
	echo "unknown" >&2; \
	exit 1; \
	;; \
	esac; \
	deps="$( \
	scanelf --needed /usr \
	| tr , '\n' \
	)"; \
	apk add $deps \
	;
RUN { \
    echo "a   b"; \
    echo 'c \
  d'; \
  } > /etc/x
RUN if [ $(nproc) = 2 ]; then sed -i "s/one-of-many-settings = 1024/one-of-many-settings = 512/" /etc/php/8.5/fpm/php-fpm.conf ; fi; ls
RUN if a; then \
    # why
    (b;c;) \
  ;fi
# output
FROM debian:12
RUN if [ "$A" = 1 ]; then \
        echo yes; \
    else \
        echo no \
        && exit 1; \
    fi
RUN set -eux; \
    for key in A \
        B; do \
        gpg --recv "$key"; \
    done; \
    \
    case "$(uname -m)" in \
        x86_64) arch=amd64 ;; \
        *) \
            echo "unknown" >&2; \
            exit 1; \
            ;; \
    esac; \
    deps="$( \
        scanelf --needed /usr \
            | tr , '\n' \
    )"; \
    apk add $deps \
    ;
RUN { \
        echo "a   b"; \
        echo 'c \
  d'; \
    } > /etc/x
RUN if [ $(nproc) = 2 ]; then sed -i "s/one-of-many-settings = 1024/one-of-many-settings = 512/" /etc/php/8.5/fpm/php-fpm.conf; fi; \
    ls
RUN if a; then \
        # why
        (b; c;) \
    ; fi
