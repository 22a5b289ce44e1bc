# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop';"]
ENV TOOL_HOME="C:\tools" TOOL_VERSION=1.2.3
WORKDIR C:\build
RUN Invoke-WebRequest -Uri "https://example.com/$env:TOOL_VERSION.zip" -OutFile tool.zip; `
    Expand-Archive tool.zip -DestinationPath $env:TOOL_HOME; `
    Remove-Item tool.zip -Force
COPY config.ini C:\tools\
USER ContainerUser
EXPOSE 8443
ENTRYPOINT ["C:\\tools\\tool.exe"]
CMD ["--service"]
