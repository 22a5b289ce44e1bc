import pytest

from dflint.shell.directory_use import uses_directory
from dflint.shell.script import read_shell_form

HERE = """\
make
sudo make install
./x
bin/x
tar xf x.tgz
tar xf /x.tgz
tar -C /y -xf x.tgz
python setup.py install
git clone https://h/x
git clone https://h/x y
cd x && make
(cd /x && make) && make
if x; then cd /x; fi; make
pip install -r requirements.txt
pip install .
npm ci
bundle install
go install ./...
npm install -g ./x
echo x > y
wget http://x/y
wget -P lib http://x/y
curl -O http://x/y
curl -sSLo y http://x/y
bash -c "make"
su u -c "npm start"
unzip x.zip
unzip /x.zip
ln -s /x
ln -s /x y
ln x /y
chmod +x run.sh
[ -f x ] && true
java -jar x.jar
node server.js
sed -i s/a/b/ x
grep -e a x
mkdir x
rm -rf *
find . -name y
openssl req -out x.pem
apt-get install -y ./x.deb
make -C x
dd if=/x of=y
md5sum x
echo x | sha256sum -c
for f in *.sh; do sh $f; done
export PATH=$PWD/bin:$PATH
X=${PWD} && y
echo $(pwd) > /y
Rscript x.R
R CMD INSTALL x
apt-get download x
java -cp lib/* Main
java Main
ssh-keygen -f id
pwd > /x
serve data/
x *
python3 -m app.main
if"""
ELSEWHERE = """\
apt-get update && apt-get install -y git
pip install pandas ruamel.yaml
pip install -r /x/requirements.txt
npm install -g x
cd /x && make
cd "$X" && make
(cd /x && make)
if true; then (cd /x; make); fi
cd /x && bash -c "make"
git clone https://h/x /x
git clone -b v https://h/x $Y
git config --global x y
echo a.txt
chmod +x /x
chown -R a:b /x
wget -qO- http://x/y | tar xz -C /x
wget -O /x http://x/y
wget -P /x http://x/y
curl -sSL u | bash
curl -o /x u
curl --output-dir /x -O u
tar -xzf /y.tgz -C /x
unzip /x.zip -d /y
ln -s x /y
rm -rf /var/lib/apt/lists/*
sed -i s/a/b/ /x
useradd -m x
go get github.com/x/y
make -C /x
cmake --version
find /x -name y -exec chmod 644 {} \\;
python -c "import x"
python -m venv /x
echo x > /y 2>&1
composer global require x
dpkg --add-architecture i386
X=y && export Z=1
test -f /x
echo "$X" | sha256sum -c /x
for f in a b; do echo $f; done
for f in /x/*.sh; do sh $f; done
cd /x && for f in *.sh; do sh $f; done
pwd
R -e "install.packages('x')"
R CMD INSTALL /x
java -cp /x:/y Main
java -jar /x.jar -v
java -version
ssh-keygen -A
dd if=/x of=/y
nginx -g "daemon off;\""""


@pytest.mark.parametrize("text", HERE.split("\n"))
def test_what_works_where_it_starts_uses_the_directory(text):
    assert uses_directory(read_shell_form(text))


@pytest.mark.parametrize("text", ELSEWHERE.split("\n"))
def test_what_names_places_in_full_does_not(text):
    assert not uses_directory(read_shell_form(text))
