"""The variables that well-known images set, told by the name of an image.

They are what the images' own Dockerfiles set with ENV; PATH and the like are left out.
"""

from __future__ import annotations

_JAVA = "JAVA_HOME JAVA_VERSION"
_PHP = "PHP_INI_DIR PHP_VERSION PHP_URL PHP_SHA256 PHPIZE_DEPS"
#: By the last part of the name: who builds an image of that name on it keeps its variables.
_BY_NAME = {
    "amazoncorretto": _JAVA,
    "cassandra": "CASSANDRA_HOME CASSANDRA_CONF CASSANDRA_VERSION",
    "cuda": "CUDA_VERSION NVARCH",
    "drupal": f"{_PHP} DRUPAL_VERSION",
    "eclipse-temurin": _JAVA,
    "ghost": "GHOST_INSTALL GHOST_CONTENT GHOST_VERSION NODE_VERSION",
    "golang": "GOPATH GOLANG_VERSION GOTOOLCHAIN",
    "gradle": f"GRADLE_HOME GRADLE_VERSION {_JAVA}",
    "haproxy": "HAPROXY_VERSION",
    "httpd": "HTTPD_PREFIX HTTPD_VERSION",
    "java": _JAVA,
    "jenkins": f"JENKINS_HOME JENKINS_VERSION JENKINS_UC REF {_JAVA}",
    "jetty": f"JETTY_HOME JETTY_BASE JETTY_VERSION {_JAVA}",
    "mariadb": "MARIADB_VERSION MARIADB_MAJOR",
    "maven": f"MAVEN_HOME MAVEN_CONFIG MAVEN_VERSION {_JAVA}",
    "mongo": "MONGO_MAJOR MONGO_VERSION MONGO_PACKAGE MONGO_REPO",
    "mysql": "MYSQL_MAJOR MYSQL_VERSION",
    "neo4j": "NEO4J_HOME NEO4J_EDITION",
    "nextcloud": f"{_PHP} NEXTCLOUD_VERSION",
    "nginx": "NGINX_VERSION NJS_VERSION PKG_RELEASE",
    "node": "NODE_VERSION YARN_VERSION",
    "openjdk": _JAVA,
    "php": _PHP,
    "postgres": "PG_MAJOR PG_VERSION PGDATA",
    "python": "PYTHON_VERSION PYTHON_PIP_VERSION",
    "rabbitmq": "RABBITMQ_HOME RABBITMQ_VERSION RABBITMQ_DATA_DIR",
    "redis": "REDIS_VERSION",
    "ros": "ROS_DISTRO",
    "ruby": "RUBY_VERSION RUBY_MAJOR GEM_HOME BUNDLE_APP_CONFIG",
    "rust": "CARGO_HOME RUSTUP_HOME RUST_VERSION",
    "solr": f"SOLR_USER SOLR_UID SOLR_GROUP SOLR_GID SOLR_VERSION {_JAVA}",
    "tomcat": f"CATALINA_HOME TOMCAT_MAJOR TOMCAT_VERSION TOMCAT_NATIVE_LIBDIR {_JAVA}",
    "wordpress": f"{_PHP} WORDPRESS_VERSION",
}
#: By what stands before that part.
_BY_FOLDER = {
    "gcr.io/oss-fuzz-base": "SRC OUT WORK",
    "jupyter": "CONDA_DIR NB_USER NB_UID NB_GID",
    "quay.io/jupyter": "CONDA_DIR NB_USER NB_UID NB_GID",
    "mcr.microsoft.com/dotnet": "DOTNET_VERSION DOTNET_SDK_VERSION ASPNET_VERSION APP_UID",
    "selenium": "SEL_USER SEL_GROUP SEL_UID SEL_GID",
}


def variables_of_image(image: str) -> frozenset[str]:
    """The names that an image sets, with or without tag and digest; empty if it is not known."""
    folder, _, name = image.partition("@")[0].rpartition("/")
    names = f"{_BY_NAME.get(name.partition(':')[0], '')} {_BY_FOLDER.get(folder, '')}"
    return frozenset(names.split())


def is_set_by_images(name: str) -> bool:
    """Whether a name is one that well-known images set."""
    return any(name in names.split() for names in (*_BY_NAME.values(), *_BY_FOLDER.values()))
