# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
shell  [ "powershell", "-Command" ]
run  Write-Host   'a' ; `   
     Write-Host   'b'
# output
# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command"]
RUN Write-Host   'a' ; `
     Write-Host   'b'
