// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @notice An exact ERC-20 token with any number of decimals. Anyone can mint.
contract PlainToken is ERC20 {
    uint8 private immutable _DECIMALS;

    constructor(uint8 decimals_) ERC20("Plain", "PLAIN") {
        _DECIMALS = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public view override returns (uint8) {
        return _DECIMALS;
    }
}

/// @notice Burns one percent of each transfer.
contract FeeToken is PlainToken(18) {
    function _update(address from, address to, uint256 value) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : value / 100;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}

/// @notice Anyone can shrink any balance.
contract RebasingToken is PlainToken(18) {
    function shrink(address account, uint256 amount) external {
        _burn(account, amount);
    }
}

/// @notice Once broken, transfers nothing and returns false.
contract FalseToken is PlainToken(18) {
    bool public broken;

    function breakDown() external {
        broken = true;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return !broken && super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return !broken && super.transferFrom(from, to, value);
    }
}

/// @notice Never counts an allowance down.
contract UncountingToken is PlainToken(18) {
    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (value > allowance(from, msg.sender)) return false;
        _transfer(from, to, value);
        return true;
    }
}

/// @notice Reverts on approve(0), as BNB does.
contract NoZeroApprovalToken is PlainToken(18) {
    error ApprovalZero();

    function approve(address spender, uint256 value) public override returns (bool) {
        if (value == 0) revert ApprovalZero();
        return super.approve(spender, value);
    }
}

/// @notice Changes an allowance only from or to 0, as USDT does.
contract CautiousToken is PlainToken(6) {
    error ApprovalNotZero();

    function approve(address spender, uint256 value) public override returns (bool) {
        if (value != 0 && allowance(msg.sender, spender) != 0) revert ApprovalNotZero();
        return super.approve(spender, value);
    }
}

/// @notice Has a permit of another form, as DAI does.
contract OtherPermitToken is PlainToken(18) {
    bytes32 public constant PERMIT_TYPEHASH = keccak256(
        "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)"
    );
    string public constant version = "1"; // solhint-disable-line const-name-snakecase

    mapping(address holder => uint256) public nonces;

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        );
        bytes32 nameHash = keccak256(bytes(name()));
        return keccak256(abi.encode(typeHash, nameHash, keccak256("1"), block.chainid, address(this)));
    }
}

/// @notice Returns true without transferring.
contract LyingToken is PlainToken(18) {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return true;
    }
}

/// @notice Accepts unknown calls and does nothing, as wrapped ether does.
contract MuteToken is PlainToken(18) {
    fallback() external {}
}

/// @notice Reverts on transfers to or from blocked accounts.
contract BlocklistToken is PlainToken(18) {
    mapping(address account => bool) public blocked;

    error AccountBlocked(address account);

    function setBlocked(address account, bool isBlocked) external {
        blocked[account] = isBlocked;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blocked[from]) revert AccountBlocked(from);
        if (blocked[to]) revert AccountBlocked(to);
        super._update(from, to, value);
    }
}

/// @notice Calls somebody in the middle of a transfer, as ERC-777 tokens do.
contract HookToken is PlainToken(18) {
    address private _target;
    bytes private _data;
    bool private _bubbles;

    bool public called;
    bool public succeeded;
    bytes public result;

    /// @notice The next transfer calls `target` once, and fails as the call does if `bubbles`.
    function arm(address target, bytes calldata data, bool bubbles) external {
        (_target, _data, _bubbles, called) = (target, data, bubbles, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        called = true;
        (succeeded, result) = target.call(_data);
        if (_bubbles) Address.verifyCallResult(succeeded, result);
    }
}

/// @notice Calls somebody before a transfer changes balances, as ERC-777 tokens call senders.
contract EarlyHookToken is PlainToken(18) {
    address private _target;
    bytes private _data;

    bool public succeeded;
    bytes public result;

    /// @notice The next transfer calls `target` once.
    function arm(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function _update(address from, address to, uint256 value) internal override {
        address target = _target;
        _target = address(0);
        if (target != address(0)) (succeeded, result) = target.call(_data);
        super._update(from, to, value);
    }
}

/// @notice Returns nothing from its transfers, as USDT does.
contract SilentToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
