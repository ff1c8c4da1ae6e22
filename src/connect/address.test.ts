import { describe, expect, it } from 'vitest';
import { checkedBaseUrl, hostOf, isReachable } from './address.ts';

const closed = { allowsLoopback: false };
const open = { allowsLoopback: true };

describe('an address', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:808:808',
    '::127.0.0.1',
    '::808:808',
    '64:ff9b::8.8.8.8',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    '2a00:1450::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
  ])('%s is not the internet', (address) => expect(isReachable(address, closed)).toBe(false)); // prettier-ignore

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '2001:4860:4860::8888',
    '3ffe::1',
  ])('%s is', (address) => expect(isReachable(address, closed)).toBe(true)); // prettier-ignore

  it('is this machine only where the operator allows that, and no private network even then', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) expect(isReachable(address, open)).toBe(true);
    for (const address of ['0.0.0.0', '::', '10.0.0.1', '169.254.169.254', '::ffff:10.0.0.1', 'fe80::1'])
      expect(isReachable(address, open)).toBe(false);
  });
});

const refusal = (text: string, reach = closed): string => {
  try {
    return checkedBaseUrl(text, { ...reach, path: ['baseUrl'] }).href;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a base address', () => {
  it.each([
    ['https://wms.example.com', 'https://wms.example.com/'],
    ['https://wms.example.com:8443/api/v1', 'https://wms.example.com:8443/api/v1'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
  ])('%s is fine', (text, href) => expect(refusal(text)).toBe(href));

  it.each([
    ['', 'must be an address such as https://wms.example.com/api'],
    ['wms.example.com', 'must be an address such as https://wms.example.com/api'],
    ['ftp://wms.example.com', 'must be an address such as https://wms.example.com/api'],
    ['file:///etc/passwd', 'must be an address such as https://wms.example.com/api'],
    ['javascript:alert(1)', 'must be an address such as https://wms.example.com/api'],
    [`https://wms.example.com/${'a'.repeat(600)}`, 'must be an address such as https://wms.example.com/api'],
    ['http://wms.example.com', 'must begin with https://'],
    ['http://1.1.1.1', 'must begin with https://'],
    ['https://me@wms.example.com', 'must carry no user or password'],
    ['https://me:hunter2@wms.example.com', 'must carry no user or password'],
    ['https://wms.example.com/?key=1', 'must end with its path, without ? and #'],
    ['https://wms.example.com/#', 'must end with its path, without ? and #'],
    ['https://127.0.0.1', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://localhost', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://LOCALHOST', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://[::1]', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://2130706433', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://0x7f.1', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://0177.0.0.1', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://127.1', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://①②⑦.0.0.1', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://10.0.0.1', 'must not lead into a private network'],
    ['https://169.254.169.254/latest/meta-data', 'must not lead into a private network'],
    ['https://0xa9fea9fe', 'must not lead into a private network'],
    ['https://0', 'must not lead into a private network'],
    ['https://[::ffff:127.0.0.1]', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://[::ffff:7f00:1]', 'must not lead to this machine, unless its operator sets OUTBOUND_LOOPBACK to on'],
    ['https://[::ffff:10.0.0.1]', 'must not lead into a private network'],
    ['https://[64:ff9b::7f00:1]', 'must not lead into a private network'],
    ['https://[fd00::1]', 'must not lead into a private network'],
  ])('%s is refused', (text, rule) => expect(refusal(text)).toBe(`baseUrl ${rule}.`));

  it('may be http on this machine where the operator allows that, and nowhere else', () => {
    expect(refusal('http://127.0.0.1:9000', open)).toBe('http://127.0.0.1:9000/');
    expect(refusal('http://localhost:9000', open)).toBe('http://localhost:9000/');
    expect(refusal('http://[::1]:9000', open)).toBe('http://[::1]:9000/');
    expect(refusal('http://10.0.0.1', open)).toBe('baseUrl must begin with https://.');
    expect(refusal('http://localhost.example.com', open)).toBe('baseUrl must begin with https://.');
  });

  it('has its host without brackets', () => expect(hostOf(new URL('https://[::1]/'))).toBe('::1'));
});
