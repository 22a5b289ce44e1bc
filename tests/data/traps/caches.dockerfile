FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY vendor vendor
RUN bundle cache && bundle install --jobs 4
# unchanged
# ----
FROM ruby:3.4
ENV BUNDLE_DEPLOYMENT=1
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
# unchanged
# ----
FROM ruby:3.4
WORKDIR /app
RUN git clone https://example.org/a.git . && bundle install --local
# unchanged
# ----
FROM ruby:3.4 AS build
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
FROM ruby:3.4-slim
COPY --from=build /usr/local/bundle/cache /gems/cache
# unchanged
# ----
FROM ruby:3.4
RUN useradd --no-log-init app
USER app
WORKDIR /app
COPY --chown=app Gemfile Gemfile.lock ./
RUN bundle install
# unchanged
# ----
FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN (bundle check || bundle install) && bundle exec rake
# output
FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN (bundle check || bundle install && rm -rf /usr/local/bundle/cache) && bundle exec rake
